# Each suggestion says why it is there. At hand: name (a tag, a title), author, channel.
why = Why this
why-close = Similar content
why-together = Readers of this also read it
why-same-tag = Also tagged “{ $name }”
why-same-channel = Also in { $channel }
why-hot = Many are reading it
why-read = Read lately
why-rising = Rising fast
why-talked = Much discussed
why-liked = Much liked
why-finished = Most read it to the end
why-new = Just published
why-latest = Among the latest here
why-editor = Picked by the editors
why-editor-says = Picked by the editors: { $name }
why-followed = You follow { $author }
why-followed-channel = You follow the channel { $channel }
why-followed-tag = You follow the tag “{ $name }”
why-followed-topic = You follow the topic “{ $name }”
why-asked = You asked for more like this
why-your-author = You have read { $author }
why-your-channel = You have read in { $channel }
why-your-tag = You have read about “{ $name }”
why-because-you-read = Because you read “{ $name }”

# Where all of a list has one reason, it stands once, above the list.
why-all-latest = Articles from the whole site, newest first.
why-all-following = What is new of all that you follow, newest first.
why-all-favourites = Articles you saved, the last saved first.
why-all-history = Articles you have read, the last read first.
why-all-tag = Articles tagged “{ $name }”, newest first.
why-all-channel = Articles in { $name }, newest first.
why-all-archive = Articles by { $name }, newest first.
why-all-popular = The most liked of { $name }’s recent articles.
why-all-topics = Topics the editors chose.
why-all-topic = Chosen and put in order by the editors for “{ $name }”.
why-all-features = Articles their authors declare original, newest first.

# Where most of a list share a reason, it stands once; the rest say their own.
why-list = Why these: { $reason }
why-list-most = Why these, unless noted: { $reason }
