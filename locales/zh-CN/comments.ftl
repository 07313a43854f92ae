comments = 跟贴
comments-of = 跟贴：{ $title }
comments-hot = 热门跟贴
comments-new = 最新跟贴
comments-sort = 跟贴排序
comments-all = 查看全部 { $shown } 条跟贴
comments-empty = 还没有跟贴。说说你知道的、看到的、不同意的。
comment-author = 作者
comment-removed = 这条跟贴已被删除。
comment-unfold = { $n ->
        [1] 展开第 { $from } 层
       *[other] 展开第 { $from }–{ $to } 层
    }
comment-of = （{ $name }的跟贴）
comment-to = { $name }
comment-write = 写跟贴
comment-post = 发布跟贴
comment-as = 以“{ $name }”的名义发布
comment-held = 只有你能看见：下面的跟贴正在等待审核。
reply = 回复
replying-to = 回复 { $name }：
replying-cancel = 取消
sign-in-to-comment = 登录后写跟贴
sign-in-over-http = 如果此页面的地址以 http:// 开头，浏览器在这里无法保持登录：站点自己的地址是 https。请前往
sign-in-no-account = 还没有账号？
back-article = 返回文章
comment-mine-removed = 你的下列跟贴被审核员删除，只有你能看到。
remove-spam = 原因：广告或重复发布。
remove-abuse = 原因：辱骂，或泄露他人隐私。
remove-wrong = 原因：不实信息。
remove-law = 原因：依法删除。
remove-copyright = 原因：著作权投诉。
remove-rules = 原因：不符合社区规则。
remove-other = 原因：其他。
comment-whole = 全文
comment-post-reply = 发布回复
sign-in-to-reply = 登录后回复{ $name }
