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
notify-decided-article-restored = Your article is published again.
notify-decided-application-approved = You are an author now: your application was approved.
notify-decided-application-rejected = Your application to become an author was not approved.
notify-decided-profile-approved = The changes to your author profile were approved.
notify-decided-profile-returned = The changes to your author profile were not approved.
notify-decided-report-upheld = Thank you: what you reported was taken down.
notify-decided-report-rejected = What you reported was reviewed, and stays.
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
notify-settings-what = Choose what you want to be told about, and how.
notify-kind = What
notify-way-site = On the site
notify-kind-answer = Answers
notify-kind-answer-what = Somebody answers a comment of yours.
notify-kind-mention = Mentions
notify-kind-mention-what = Somebody writes @ and your user name, or that of an author you write for, in a comment.
notify-kind-like = Likes
notify-kind-like-what = Others like a comment of yours. You are not told who they are.
notify-kind-article = New articles
notify-kind-article-what = An author you follow publishes something.
notify-kind-topic = Topics
notify-kind-topic-what = An article is added to a topic you follow.
notify-kind-tag = Tags
notify-kind-tag-what = An article is published with a tag you follow.
notify-kind-channel = Channels
notify-kind-channel-what = An article is published in a channel you follow.
notify-kind-decision = Decisions
notify-kind-decision-what = About your articles, your application or profile as an author, and what you reported.
notify-kind-waiting = Things waiting
notify-kind-waiting-what = Something new is in a queue that you work on.
notify-quiet = Quiet hours
notify-quiet-what = Between these times you get no mail and no messages in browsers; they come together afterwards. Digests come at the hour you chose. Notifications on the site still appear. Leave both empty for no quiet hours.
notify-quiet-from = From
notify-quiet-until = Until
notify-way-mail = By mail
notify-way-digest = In digests
notify-way-push = In browsers
notify-always = Always
notify-not-so = Not in this way
notify-kind-device = New sign-ins
notify-kind-device-what = Somebody signs in to your account with a browser that was not known. This mail cannot be turned off.
notify-no-address = You cannot get mail: your account has no confirmed e-mail address.
notify-digest = Digests
notify-digest-what = A mail that sums up what you have not read, of the kinds ticked above. None is sent when there is nothing. Times are in the zone { $zone }.
notify-digest-every = How often
notify-every-never = Never
notify-every-day = Daily
notify-every-week = Weekly
notify-digest-weekday = On (weekly digests)
notify-digest-hour = At
notify-weekday-1 = Monday
notify-weekday-2 = Tuesday
notify-weekday-3 = Wednesday
notify-weekday-4 = Thursday
notify-weekday-5 = Friday
notify-weekday-6 = Saturday
notify-weekday-7 = Sunday
notify-digest-try = Send me a digest now
notify-digest-try-what = See what one looks like, with what you have not read in the last seven days.
notify-digest-sent = The digest is on its way.
notify-push = Browsers
notify-push-what = A browser can tell you at once, even while no page of the site is open. It shows one line, never what somebody wrote, and stops when you sign out there.
notify-push-on = Tell me in this browser
notify-push-since = since
notify-push-remove = Remove
notify-push-script = Turning this on needs JavaScript.
notify-push-denied = This browser does not let the site tell you anything. You can change that in its settings for this site.
notify-push-failed = That did not work. The browser may not reach its push service; try again later.
notify-push-lacking = This browser cannot show messages while no page is open.
notify-push-many = { $n ->
        [one] One notification that you have not read
       *[other] { $n } notifications that you have not read
    }
notify-off-answer = Mail about answers to your comments.
notify-off-mention = Mail about comments that mention you.
notify-off-like = Mail about likes on your comments.
notify-off-article = Mail about new articles of those you follow.
notify-off-decision = Mail about decisions that concern you.
notify-off-waiting = Mail about things that wait for you.
notify-off-digest = Daily and weekly digests.
unsubscribe = No more mail of this kind
unsubscribe-what = This ends:
unsubscribe-do = Send me no more of these
unsubscribe-done = Done. You no longer get:
unsubscribe-unknown = This link is incomplete, or not from this site. Open it again from the mail, or choose in the settings.
error-device-form = This browser did not send what is needed to reach it.
error-digest-address = Digests are mail: confirm an e-mail address first.
error-digest-empty = You have nothing unread from the last seven days that would go into a digest.
error-digest-form = Choose one of the entries in the list.
notify-off-topic = Mail about topics you follow.
notify-off-tag = Mail about tags you follow.
notify-off-channel = Mail about channels you follow.
