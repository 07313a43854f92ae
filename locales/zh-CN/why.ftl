# 每条推荐都说明理由。可用：name（标签、标题）、author（作者）、channel（频道）。
why = 推荐理由
why-close = 内容相近
why-together = 读过本文的人也读
why-same-tag = 同有标签“{ $name }”
why-same-channel = 同在{ $channel }频道
why-hot = 读者多
why-read = 近来有人读
why-rising = 阅读上升快
why-talked = 讨论多
why-liked = 点赞多
why-finished = 读完率高
why-new = 新发布
why-latest = 本站较新
why-editor = 编辑推荐
why-editor-says = 编辑推荐：{ $name }
why-followed = 你关注了{ $author }
why-followed-channel = 你关注了{ $channel }频道
why-followed-tag = 你关注了标签“{ $name }”
why-followed-topic = 你关注了专题“{ $name }”
why-asked = 你想多看这类
why-your-author = 你读过{ $author }
why-your-channel = 你读过{ $channel }频道
why-your-tag = 你读过有关“{ $name }”的文章
why-because-you-read = 因为你读过《{ $name }》

# 整个列表只有一个理由时，列表上方说一次。
why-all-latest = 全站文章，按发布时间排列，最新在前。
why-all-following = 你关注的内容里的新文章，最新在前。
why-all-favourites = 你收藏的文章，最近收藏的在前。
why-all-history = 你读过的文章，最近读的在前。
why-all-tag = 带有标签“{ $name }”的文章，最新在前。
why-all-channel = { $name }频道的文章，最新在前。
why-all-archive = { $name }发表的文章，最新在前。
why-all-popular = { $name }近期文章中点赞最多的。
why-all-topics = 编辑挑选的专题。
why-all-topic = 编辑为专题“{ $name }”选入并排列的文章。
why-all-features = 各频道作者声明原创的文章，最新在前。

# 多数文章理由相同时，列表说一次，其余的各自注明。
why-list = 推荐理由：{ $reason }
why-list-most = 推荐理由（另行注明的除外）：{ $reason }
