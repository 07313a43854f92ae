comment-count = { $n ->
        [one] { $n } comment
       *[other] { $n } comments
    }
skip-main = Skip to the text
error-other = This cannot be accepted as it is.
