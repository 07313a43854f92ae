comma = ,{" "}
second-title = One more step
second-what = The password of @{ $handle } is right. Now type a code of your authenticator app.
second-what-passkey = The password of @{ $handle } is right. This site asks you for your passkey, too.
second-code = Code of your app
second-code-hint = Six digits. Or one of your recovery codes, each of which is good once.
second-recovery = Recovery code
second-recovery-hint = Only if you do not have your passkey at hand. Each is good once.
second-go-on = Go on
second-lost = Neither app, passkey nor recovery code? Those who look after this site can help:
again-title = Is it still you?
again-what = What comes next matters for an account or for the site. Show once more that it is you; for a quarter of an hour you are not asked again.
again-what-second = This site opens its desks by a second factor only, and this session began without.
again-code-or = Or a code of your app
again-go-on = Go on
again-no-way = Your account has neither a password nor a second factor that could show it. Sign out, and in again.
again-other = Not you? Then sign out.
two-factor = Two-factor authentication
two-factor-needed = The desks of this site open for you once you have set up a second factor: an app or a passkey. With a password alone, whoever learns it could look after the site.
two-factor-what = Whoever learns your password cannot sign in without a code that only your telephone makes.
two-factor-app = Authenticator app
two-factor-on = Codes of your app are asked for when you sign in.
two-factor-since = Since
two-factor-remove-what = Without it, your password alone opens the account.
two-factor-remove = Turn off
two-factor-step-app = Install an authenticator app on your telephone, if there is none yet. Any that makes six-digit codes will do.
two-factor-step-scan = Have it scan this picture.
two-factor-qr = QR code of the secret. The same secret stands below as text.
two-factor-step-type = Or type the secret:
two-factor-open-app = Open the app on this device
two-factor-step-code = Type the code that it shows now. Only then is it turned on, and all your other sessions end.
two-factor-code = Code
two-factor-code-hint = Six digits, new every half minute.
two-factor-confirm = Turn on
two-factor-begin-what = You need a telephone, or a password manager that makes codes.
two-factor-begin = Set up
recovery = Recovery codes
recovery-left = { $n ->
        [0] You have no recovery code left.
        [one] You have { $n } recovery code left.
       *[other] You have { $n } recovery codes left.
    }
recovery-renew-what = Ten new ones, in the place of all before.
recovery-renew = Make new codes
recovery-make = Make codes
recovery-first = It is turned on.
recovery-renewed = These are your new codes. The ones before open nothing any more.
recovery-what = With one of these you can sign in when your app or passkey is lost. Each is good once. They are not shown again.
recovery-download = Download as a text file
recovery-keep = Or print this page. Keep them where nobody else looks, and not on the telephone with the app.
recovery-done = I have kept them
passkeys = Passkeys
passkeys-what = A passkey is kept by your telephone, computer or password manager, which recognises you by finger, face or PIN. It signs you in without password and code, and works on this site only.
passkeys-count = { $n ->
        [one] You have one.
       *[other] You have { $n }.
    }
passkeys-none = You have no passkey yet.
passkey-sign-in = Sign in with a passkey
passkey-use = Use a passkey
passkey-script-asks = Your browser asks for the passkey.
passkey-script-failed = That did not work, or was called off. You can try again.
passkey-done-added = The passkey is kept.
passkey-done-removed = The passkey opens nothing any more. You can delete it on the device, too.
passkey-since = added
passkey-used = last used
passkey-unused = never used
passkey-remove = Remove
passkey-remove-what = What is removed here opens nothing any more.
passkey-add = Add a passkey
passkey-add-what = Your browser will ask where to keep it.
passkey-name = Name
passkey-name-hint = To tell your passkeys apart, such as “telephone”.
passkey-make = Make the passkey
passkey-needs-script = Passkeys need JavaScript and a browser that knows them. This one does not seem to.
sessions-what = Every browser in which you are signed in. If you do not know one, sign it out and set a new password.
session-seen = last seen
sessions-others-what = Everywhere but here.
sessions-others = Sign out all others
sessions-done-one = That browser is signed out.
sessions-done-others = All other browsers are signed out.
error-again-empty = Type your password or a code, or use a passkey.
error-passkey-copied = This passkey has counted fewer uses than we have seen: there may be a copy of it. It was not let in, and its owner is told. Sign in another way and remove it.
error-passkey-failed = The passkey was not taken. Try again.
error-passkey-late = That took too long, or was sent twice. Try again.
error-passkey-other = This passkey belongs to another account.
error-passkey-there = This passkey is kept already.
error-passkey-unknown = This site does not know that passkey. Perhaps it was removed from the account. Sign in another way.
error-passkeys-many = At most { $limit } passkeys. Remove one first.
error-pending-over = That took too long, or was wrong too often. Sign in once more.
error-second-form = Type the six digits of your app, or a recovery code of sixteen characters.
error-second-needed = This account asks for a second factor.
error-second-used = This code was used already. Wait for the next one.
error-second-wrong = This is not the code of now. Look whether the clock of your telephone is right.
error-totp-none = What was begun here is over. Begin once more.
conflict-factor-none = There is no second factor.
conflict-passkeys-off = Passkeys work where the site has a name for an address, and not a number.
conflict-totp-there = An authenticator app is set up already. Turn it off first.
mail-recovery-subject = A recovery code was used at { $site }
mail-recovery-title = A recovery code was used
mail-recovery-what = On { $time } somebody used a recovery code of the account @{ $handle } at { $site }.
mail-recovery-left = { $n ->
        [0] There is none left.
        [one] There is { $n } left.
       *[other] There are { $n } left.
    }
mail-recovery-not-you = If that was you, make new codes before they run out. If not, somebody has your password and your codes: sign in at once, set another password and make new codes.
mail-recovery-action = To the recovery codes
mail-factors-subject = How you sign in at { $site } has changed
mail-factors-title = How you sign in has changed
mail-factors-totp-added = On { $time } an authenticator app was set up for the account @{ $handle } at { $site }. Its codes are asked for from now on.
mail-factors-totp-removed = On { $time } the authenticator app of the account @{ $handle } at { $site } was turned off. No code is asked for any more.
mail-factors-passkey-added = On { $time } a passkey was added to the account @{ $handle } at { $site }.
mail-factors-passkey-removed = On { $time } a passkey was removed from the account @{ $handle } at { $site }.
mail-factors-passkey-copied = On { $time } somebody tried to sign in to the account @{ $handle } at { $site } with a passkey that seems to be a copy of yours. They were not let in.
mail-factors-codes-renewed = On { $time } new recovery codes were made for the account @{ $handle } at { $site }. The ones before open nothing any more.
mail-factors-reset = On { $time } those who look after { $site } took all second factors from the account @{ $handle }, passkeys too, and ended its sessions. The password alone opens it now. Set up a new one.
mail-factors-not-you = If you know of it, there is nothing to do. If not, sign in at once and set another password.
mail-factors-action = To the settings
setting-accounts-second-factor = Who needs a second factor
setting-accounts-second-factor-what = An authenticator app or a passkey. Whoever has none is led to set one up before a desk opens.
setting-accounts-second-factor-nobody = Nobody; whoever wants one sets it up
setting-accounts-second-factor-operators = Operators
setting-accounts-second-factor-staff = All who look after the site in any way
audit-user-totp-add = Set up an authenticator app
audit-user-totp-remove = Turned off the authenticator app
audit-user-codes-renew = Made new recovery codes
audit-user-code-use = Used a recovery code
audit-user-passkey-add = Added a passkey
audit-user-passkey-remove = Removed a passkey
audit-user-passkey-copy = A passkey that seems to be a copy was refused
audit-user-factors-reset = Took all second factors of a user
audit-user-sessions-end = Signed out all other browsers
user-factors = Second factors
user-factors-none = None.
user-factors-totp = Authenticator app
user-factors-passkeys = { $n ->
        [one] { $n } passkey
       *[other] { $n } passkeys
    }
user-factors-reset = Take all second factors
user-factors-reset-what = For somebody who lost theirs, after you have made sure that it is they. Passkeys and recovery codes go too, all sessions end, and the user is told by mail. The password alone opens the account then.
notice-admin-factors-reset = All second factors of the user are gone.
