//! What can be searched, and how results are ranked
