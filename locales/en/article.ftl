breadcrumb = You are here
breadcrumb-article = Article
source-from = From
updated = Updated
reading = { $n } min read
declaration-original = Original
declaration-reprint = Reprint
declaration-ai = AI-generated
declaration-fiction = Fiction
declaration-opinion = Opinion
share = Share
share-to = Share
share-wechat = WeChat
share-weibo = Weibo
share-mail = E-mail
share-copy = Copy link
share-copied = Copied
share-address = Address of this article
share-sheet = More ways
share-qr = QR code of this article’s address
share-scan = Scan with WeChat to share
declare = Notice
declare-zh = 特别声明：以上内容（如有图片、音频或视频，亦包括在内）由“{ $site }”的用户上传并发布，本平台仅提供信息存储服务。
declare-en = Notice: the content above, including any pictures, audio and video, was uploaded and published by a user of { $site }, which only provides information storage.
report = Report
report-article = Report
report-copyright = Copyright complaint
actions = For this article
article-edit = Edit
article-review = Review desk
like = Like
like-n = { $n ->
        [one] { $shown } like
       *[other] { $shown } likes
    }
favourite = Save
favourited = Saved
follow = Follow
unfollow = Following
follow-name = Follow { $name }
following-name = Following { $name }
related = Related stories
related-empty = Nothing close to this has been written yet.
hot = Hot now
hot-how = What is rising fastest across the site, by reads and comments; at most two of one author.
hot-empty = Nothing is rising just now.
side = Author and hot stories
archive = Past articles
archive-of = Past articles of { $name }
archive-empty = This is the first article here.
headlines = Channel headlines
headlines-empty = The headline of each channel will stand here.
features = Original features
features-empty = Original articles of the channels will stand here.
author-articles = Articles
author-followers = Followers
author-popular = Most liked
author-latest = Latest
author-all = { $n ->
        [one] All { $shown } article
       *[other] All { $shown } articles
    }
author-empty = { $name } has not published anything yet.
author-feed = Subscribe by feed (Atom)
authors-suggested = Authors you could follow
