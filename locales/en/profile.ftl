# The page of a user, and what they set of it.
profile = Your profile
profile-what = What others see of you on your page. Your name is set under your account.
profile-bio = About you
profile-bio-hint = A few plain sentences, up to 300 characters.
profile-picture = Picture
profile-picture-now = Your picture now
profile-picture-hint = Square is best, up to 20 MB.
profile-picture-drop = Remove the picture
profile-page = Others may look at my page
profile-page-what = It shows your name, picture, what you say about yourself and your comments. Without it there is no such page, and your name in comments leads nowhere.
profile-saved = Saved.
profile-held = Your text and picture wait for a reviewer. Others do not see them yet.
profile-see = See your page
profile-closed = You have no page that others can see.
profile-more = Picture, a few words about you, and your page
user-since = Here since
user-comments = Comments
user-comments-empty = Comments by { $name } will appear here.
comment-likes = { $n ->
    [one] { $n } like
   *[other] { $n } likes
}
zone = Time zone
zone-what = Times on pages are shown in it. Forms that ask for a time, such as for scheduling, say which zone they mean.
zone-of-site = The site’s ({ $zone })
accessibility-account = Your account keeps this: it is the same in other browsers when you sign in there.

admin-profiles = Profiles
admin-profiles-what = Texts and pictures by which users present themselves: those that wait before others see them, and those that readers reported.
admin-profiles-none = Nothing waits. Where comments are looked at first, users’ texts and pictures wait here, too.
admin-profile-held = Not shown yet
admin-profile-picture = The user’s picture
admin-profile-empty = Nothing about themselves, and no picture.
admin-profile-show = Show to others
admin-profile-leave = Leave as it is
admin-profile-clear = Remove both
notice-admin-profile-shown = Others see the profile.
notice-admin-profile-cleared = What the user said about themselves and the picture are removed.
