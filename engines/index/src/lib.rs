//! Full text: Chinese and English tokens, ranked search, more like this
