//! Related and hot articles, and the reads they are made from
