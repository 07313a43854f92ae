admin-insights = Insights
notice-admin-model-withdrawn = The model is withdrawn; the one before is used again.
conflict-model-not-newest = Only the newest model in use can be withdrawn.
insights-what = How much each list shows, how much of it is opened, and how much is read to the end. Sums only, nothing of anybody.
insights-span = Span of time
insights-days = { $n ->
        [1] Today
       *[other] Past { $n } days
    }
insights-lists = Lists
insights-list = List
insights-lists-none = Nothing yet. Figures appear once readers’ browsers have seen lists.
insights-sources = For you, by source and model
insights-source = Source
insights-sources-none = No reader has used “For you” yet.
insights-model = Model
insights-shown = Shown
insights-opened = Opened
insights-rate = Opened of shown
insights-finished = Finished of opened
insights-variety = { $n ->
        [one] Model { $model }: { $lists } list; among its first ten, { $authors } authors and { $channels } channels.
       *[other] Model { $model }: { $lists } lists; among the first ten, { $authors } authors and { $channels } channels on average.
    }
insights-models = Ranking models
insights-in-use = Model { $newest } is in use; a tenth of the readers, always the same, have model { $other } for comparison. Model 0 is what the site begins with.
insights-models-none = Not enough was opened to learn a model from.
insights-made = Made
insights-choices = Choices
insights-figure = Score
insights-before = Score of the one before
insights-state = State
insights-model-live = Good
insights-model-worse = Worse than the one in use; never used
insights-model-withdrawn = Withdrawn
insights-withdraw = Withdraw
insights-list-archive = Past articles
insights-list-author = Author pages
insights-list-channel = Channel pages
insights-list-channel-headlines = Channel headlines
insights-list-features = Originals
insights-list-following = Following
insights-list-for-you = For you
insights-list-home = Home
insights-list-hot = Hot
insights-list-latest = Latest
insights-list-other = Others
insights-list-related = Related
insights-list-search = Search results
insights-list-tag = Tag pages
insights-source-authors = Authors often read
insights-source-channels = Channels often read
insights-source-close = Close in content
insights-source-editors = Editors’ picks
insights-source-followed = Authors followed
insights-source-hot = Hot on the site
insights-source-new = New and unproven
insights-source-tags = Subjects of interest
insights-source-together = Read together
