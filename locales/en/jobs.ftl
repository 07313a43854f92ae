admin-jobs = Jobs
admin-jobs-what = Work that is done beside the answers, by any of the processes that serve this site. What fails is tried again after growing waits.
admin-jobs-failed = Failed for good
admin-jobs-failed-what = These were tried as often as their kind may be. Mend the cause, then have them tried again.
admin-jobs-failed-none = No job has failed for good. One that does will be listed here, with its error.
admin-jobs-first = The newest { $n } of { $all }. The command “byline jobs list” lists more.
admin-jobs-first-next = The first { $n } of { $all }. The command “byline jobs list --state queued” lists more.
admin-jobs-running = Being done
admin-jobs-kinds = By kind
admin-jobs-none = Nothing waits, and nothing is being done.
admin-jobs-next = What comes next
admin-jobs-some =
    { $n ->
        [one] One job has failed for good
       *[other] { $n } jobs have failed for good
    }
admin-job = Job
admin-job-kind = Kind
admin-job-error = Error
admin-job-last-error = Last error
admin-job-tries = Tries
admin-job-try = Try
admin-job-tried =
    { $n ->
        [one] One try failed:
       *[other] { $n } tries failed, the last:
    }
admin-job-failed-at = Failed
admin-job-since = Began
admin-job-progress = Progress
admin-job-done = { $n } of { $all }
admin-job-running = Running
admin-job-queued = Waiting
admin-job-waited = Delay
admin-job-now = Running
admin-job-failed = Failed
admin-job-when = Not before
admin-job-due = Due
admin-job-retry = Try again
admin-job-retry-all = Try all again
admin-job-drop = Drop
job-article-publish = Publish a scheduled article
job-media-sweep = Remove files of deleted pictures
job-reads-forget-co-reads = Forget what was read together long ago
job-recommend-learn = Learn from what readers choose
job-recommend-watch-model = Watch the newest model
job-recommend-forget-histories = Forget old reading histories
job-notify-tell-followers = Tell followers of a new article
job-notify-tell-topic = Tell followers of a topic of an article that came into it
job-notify-forget-article = Remove notifications of an article that is gone
job-notify-sweep = Remove old notifications
job-notify-mail = Mail what somebody wants to be told of
job-notify-push = Tell somebody’s browsers
job-notify-send-push = Send a message to a browser
job-notify-digests = Send digests whose turn has come
job-events-prune = Remove old events
job-other = Unknown to this version
notice-admin-job-retry = To be tried again, if a process carries out jobs of this kind.
notice-admin-job-dropped = The job is dropped; nobody carries it out.
conflict-job-not-failed = This job has not failed for good, or is there no more.
