skip-main = Skip to the text
skip-comments = Skip to comments
skip-related = Skip to related stories
skip-foot = Skip to the foot of the page
nav-main = Main
nav-channels = Channels
nav-home = Home
nav-hot = Hot
nav-latest = Latest
nav-search = Search
apply = Become an author
edition = Edition
edition-care = Care edition
edition-care-enter = Enter the care edition
edition-care-what = Care edition: large type, one column, few and large buttons
edition-standard = Standard edition
edition-standard-what = Standard edition
care-more = More channels, sign in
search = Search
search-open = Open search
search-label = Search articles
search-placeholder = Articles, authors, tags
sign-in = Sign in
sign-up = Sign up
sign-out = Sign out
menu-studio = Studio
menu-admin = Administration
menu-following = Following
menu-favourites = Favourites
menu-settings = Account settings
settings = Settings
foot-reading = Reading
foot-site = This site
foot-feeds = Feeds and API
foot-shade = Light and dark
foot-licence = Articles belong to their authors, who uploaded and published them.
powered = Powered by
about = About
rules = Rules
contact = Contact
accessibility = Accessibility
all = All
back = Back
colon = :{" "}
verified = Verified
tags = Tags
tags-near = Related tags
pager = Pages
pager-next = Next page
pager-first = First page
script-failed = That did not work. Please try again.
kind-person = Person
kind-media = Media
kind-company = Company
kind-government = Government
kind-other = Other organisation
region = IP region: { $region }
place = Location
comment-count = { $n ->
        [one] { $n } comment
       *[other] { $n } comments
    }
comment-count-short = { $n ->
        [one] { $shown } comment
       *[other] { $shown } comments
    }
