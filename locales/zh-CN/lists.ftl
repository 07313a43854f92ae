home-lead = 要闻
home-following = 你关注的号
home-following-empty = 关注几个号，他们的新文章会出现在这里。
home-empty = 这里会出现第一篇文章。申请一个号，写下它。
more-latest = 更多最新文章
channel-empty = 这个频道还没有文章。
list-latest = 最新文章
list-latest-empty = 还没有文章。
list-following = 我的关注
list-following-empty = 你还没有关注任何号，或者他们还没有发表文章。在文章末尾或号的主页点“关注”。
list-for-you = 为你推荐
list-for-you-empty = 多读几篇，这里就会有为你挑选的文章。
list-favourites = 我的收藏
list-favourites-empty = 你收藏的文章会出现在这里。在文章末尾点“收藏”。
tag-empty = 还没有带这个话题的文章。
search-title = 搜索：{ $q }
search-form = 搜索本站
search-total = { $n ->
        [0] 没有找到文章。
       *[other] 找到 { $shown } 篇文章。
    }
search-relaxed = 没有文章包含全部词语，以下包含其中一部分。
search-nothing = 换一个更短的词，或者去掉筛选条件再试。
search-begin = 输入一个词、一个号的名字或一句原文。
filter-all = 全部
filter-channel = 频道
filter-since = 时间
filter-by = 按{ $name }筛选
filter-author = 作者
since-any = 不限
since-day = 一天内
since-week = 一周内
since-month = 一月内
since-year = 一年内
