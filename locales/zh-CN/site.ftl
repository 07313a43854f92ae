comment-count = { $n } 条跟贴
skip-main = 跳到正文
error-other = 这里不能这样填。
