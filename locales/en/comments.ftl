comments = Comments
comments-of = Comments on “{ $title }”
comments-hot = Most liked
comments-new = Newest
comments-sort = Order of comments
comments-all = { $n ->
        [one] { $shown } comment
       *[other] All { $shown } comments
    }
comments-empty = No comments yet. Say what you know, what you saw, or where you disagree.
comment-author = Author
comment-removed = This comment was removed.
comment-unfold = { $n ->
        [one] Show floor { $from }
       *[other] Show floors { $from } to { $to }
    }
comment-of = (comment by { $name })
comment-to = to { $name }
comment-write = Write a comment
comment-post = Post comment
comment-as = Posting as { $name }
comment-held = Only you can see these: they are waiting for review.
reply = Reply
replying-to = Replying to { $name }:
replying-cancel = Cancel
sign-in-to-comment = Sign in to comment
sign-in-over-http = If the address of this page begins with http://, your browser will not stay signed in here: the site’s own address is https. Go to
sign-in-no-account = No account yet?
back-article = Back to the article
comment-mine-removed = A reviewer removed these comments of yours. Only you see them.
remove-spam = Reason: advertising or repeated posts.
remove-abuse = Reason: abuse, or private matters of others.
remove-wrong = Reason: false information.
remove-law = Reason: the law requires it.
remove-copyright = Reason: a copyright complaint.
remove-rules = Reason: against the rules.
remove-other = Reason: another one.
comment-whole = Read all
comment-post-reply = Post reply
sign-in-to-reply = Sign in to reply to { $name }
