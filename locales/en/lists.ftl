home-lead = Top stories
home-following = From those you follow
home-following-empty = Follow a few authors, and their new articles will appear here.
home-empty = The first article will appear here. Become an author and write it.
more-latest = More of the latest
channel-empty = Nothing in this channel yet.
list-latest = Latest
list-latest-empty = Nothing has been published yet.
list-following = Following
list-following-empty = You follow nobody yet, or they have not published. Use “Follow” at the end of an article or on an author’s page.
list-for-you = For you
list-for-you-empty = Read a few articles, and suggestions will appear here.
list-favourites = Favourites
list-favourites-empty = Articles you save will appear here. Use “Save” at the end of an article.
tag-empty = No article has this tag yet.
search-title = Search: { $q }
search-form = Search this site
search-total = { $n ->
        [0] Nothing found.
        [one] { $shown } article found.
       *[other] { $shown } articles found.
    }
search-relaxed = None has all of your words; these have some of them.
search-nothing = Try a shorter word, or fewer filters.
search-begin = Type a word, the name of an author, or a phrase.
filter-all = All
filter-channel = Channel
filter-since = Time
filter-by = Filter by { $name }
filter-author = Author
since-any = Any time
since-day = Past day
since-week = Past week
since-month = Past month
since-year = Past year
