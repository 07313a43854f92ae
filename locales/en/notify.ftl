notifications = Notifications
notify-count = Notifications: { $n } unread
notify-unread = New
notify-read = Mark as read
notify-read-all = Mark all as read
notify-empty = Nothing yet. Answers to your comments, new articles of those you follow and decisions about what you wrote will appear here.
notify-answer = { $name } answered your comment
notify-answers = { $n ->
        [one] { $name } and somebody else answered your comment
       *[other] { $name } and { $n } others answered your comment
    }
notify-like = { $n ->
        [one] Somebody likes your comment
       *[other] { $n } people like your comment
    }
notify-mention = { $name } mentioned you
notify-article = A new article by { $name }
notify-topic = { $n ->
        [one] New in the topic “{ $name }”
       *[other] { $n } new articles in the topic “{ $name }”
    }
notify-tag = { $n ->
        [one] New with the tag “{ $name }”
       *[other] { $n } new articles with the tag “{ $name }”
    }
notify-channel = { $n ->
        [one] New in the channel { $name }
       *[other] { $n } new articles in the channel { $name }
    }
notify-decided-article-approved = Your article was approved.
notify-decided-article-returned = Your article was sent back.
notify-decided-article-retracted = Your article was taken down.
notify-decided-article-restored = Your article is back before readers.
notify-decided-application-approved = You are an author now: your application was approved.
notify-decided-application-rejected = Your application to become an author was not approved.
notify-decided-profile-approved = The changes to your author profile were approved.
notify-decided-profile-returned = The changes to your author profile were not approved.
notify-decided-report-upheld = Thank you: what you reported was taken down.
notify-decided-report-rejected = What you reported was looked at, and stays.
notify-queue-articles = { $n ->
        [one] An article waits for review
       *[other] { $n } articles wait for review
    }
notify-queue-comments = { $n ->
        [one] A comment waits for review
       *[other] { $n } comments wait for review
    }
notify-queue-reports = { $n ->
        [one] A report is open
       *[other] { $n } reports are open
    }
notify-queue-applications = { $n ->
        [one] An application or change of an author waits
       *[other] { $n } applications and changes of authors wait
    }
notify-queue-profiles = { $n ->
        [one] A user’s profile waits for you to look at
       *[other] { $n } users’ profiles wait for you to look at
    }
notify-settings = Notification settings
notify-settings-what = Choose what you are told of, and how.
notify-kind = What
notify-way-site = On the site
notify-kind-answer = Answers
notify-kind-answer-what = Somebody answers a comment of yours.
notify-kind-mention = Mentions
notify-kind-mention-what = Somebody writes @ and your user name, or that of an author you write for, in a comment.
notify-kind-like = Likes
notify-kind-like-what = Others like a comment of yours. Who they are, nobody is told.
notify-kind-article = New articles
notify-kind-article-what = An author you follow publishes something.
notify-kind-topic = Topics
notify-kind-topic-what = Something comes into a topic you follow.
notify-kind-tag = Tags
notify-kind-tag-what = Something comes out with a tag you follow.
notify-kind-channel = Channels
notify-kind-channel-what = Something comes out in a channel you follow.
notify-kind-decision = Decisions
notify-kind-decision-what = About your articles, your application or profile as an author, and what you reported.
notify-kind-waiting = Things that wait
notify-kind-waiting-what = Something came into a queue that you may work.
notify-quiet = Quiet hours
notify-quiet-what = Between these times nothing is sent to you. Notifications on the site still appear. Leave both empty for no quiet hours.
notify-quiet-from = From
notify-quiet-until = Until
