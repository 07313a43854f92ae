comma = ,{" "}
second-title = One more step
second-what = The password for @{ $handle } is right. Now type the code from your authenticator app.
second-what-passkey = The password for @{ $handle } is right. This site asks for your passkey as well.
second-code = Code from your app
second-code-hint = Six digits. Or one of your recovery codes, each of which works once.
second-recovery = Recovery code
second-recovery-hint = Only if you do not have your passkey at hand. Each works once.
second-go-on = Continue
second-lost = Lost your app, your passkey and your recovery codes? Those who look after this site can help:
again-title = Is it still you?
again-what = What comes next matters for your account or for the site. Confirm that it is you; you are not asked again for a quarter of an hour.
again-what-second = The desks of this site need a second factor, and you signed in without one.
again-code-or = Or the code from your app
again-go-on = Continue
again-no-way = Your account has neither a password nor a second factor to confirm with. Sign out, and sign in again.
again-other = Not you? Then sign out.
two-factor = Two-factor authentication
two-factor-needed = You can use the desks of this site once you have set up a second factor: an app or a passkey. With a password alone, anybody who learns it could look after the site.
two-factor-what = Somebody who learns your password still cannot sign in without a code from your phone.
two-factor-app = Authenticator app
two-factor-on = You are asked for a code from your app when you sign in.
two-factor-since = Since
two-factor-remove-what = Without it, your password alone opens the account.
two-factor-remove = Turn off
two-factor-step-app = Install an authenticator app on your phone, if you have none yet. Any that makes six-digit codes will do.
two-factor-step-scan = Scan this picture with it.
two-factor-qr = QR code of the secret. The same secret stands below as text.
two-factor-step-type = Or type the secret:
two-factor-open-app = Open the app on this device
two-factor-step-code = Type the code that it shows now. Two-factor authentication is on from then, and all your other sessions end.
two-factor-code = Code
two-factor-code-hint = Six digits, a new one every half minute.
two-factor-confirm = Turn on
two-factor-begin-what = You need a phone, or a password manager that makes codes.
two-factor-begin = Set up
recovery = Recovery codes
recovery-left = { $n ->
        [0] You have no recovery code left.
        [one] You have { $n } recovery code left.
       *[other] You have { $n } recovery codes left.
    }
recovery-renew-what = Ten new ones replace all that you have.
recovery-renew = Make new codes
recovery-make = Make codes
recovery-first = Two-factor authentication is on.
recovery-renewed = These are your new codes. The earlier ones no longer work.
recovery-what = If you lose your app or passkey, you can sign in with one of these. Each works once. They are not shown again.
recovery-download = Download as a text file
recovery-keep = Or print this page. Keep them where nobody else looks, and not on the phone that has the app.
recovery-done = I have saved them
passkeys = Passkeys
passkeys-what = A passkey is kept by your phone, computer or password manager, which recognises you by finger, face or PIN. It signs you in without a password or a code, and works on this site only.
passkeys-count = { $n ->
        [one] You have one.
       *[other] You have { $n }.
    }
passkeys-none = You have no passkey yet.
passkey-sign-in = Sign in with a passkey
passkey-use = Use a passkey
passkey-script-asks = Follow what your browser asks.
passkey-script-failed = That did not work, or was cancelled. You can try again.
passkey-done-added = The passkey was added.
passkey-done-removed = The passkey no longer works here. You can delete it on the device, too.
passkey-since = added
passkey-used = last used
passkey-unused = never used
passkey-remove = Remove
passkey-remove-what = A passkey that you remove no longer signs you in.
passkey-add = Add a passkey
passkey-add-what = Your browser will ask where to keep it.
passkey-name = Name
passkey-name-hint = To tell your passkeys apart, such as “phone”.
passkey-make = Make the passkey
passkey-needs-script = Passkeys need JavaScript and a browser that supports them. This one does not seem to.
sessions-what = Every browser in which you are signed in. If you do not recognise one, sign it out and change your password.
session-seen = last seen
sessions-others-what = Everywhere but here.
sessions-others = Sign out all others
sessions-done-one = That browser is signed out.
sessions-done-others = All other browsers are signed out.
error-again-empty = Type your password or a code, or use a passkey.
error-passkey-copied = This passkey has counted fewer uses than this site has seen: there may be a copy of it. It was refused, and the owner of the account was told. Sign in another way and remove it.
error-passkey-failed = The passkey was not accepted. Try again.
error-passkey-late = That took too long, or was sent twice. Try again.
error-passkey-other = This passkey belongs to another account.
error-passkey-there = You have added this passkey already.
error-passkey-unknown = This site does not know that passkey. Perhaps it was removed from the account. Sign in another way.
error-passkeys-many = At most { $limit } passkeys. Remove one first.
error-pending-over = That took too long, or was wrong too often. Sign in again.
error-second-form = Type the six digits of your app, or a recovery code of sixteen characters.
error-second-needed = This account asks for a second factor.
error-second-used = This code was used already. Wait for the next one.
error-second-wrong = That code is not right. Check that the clock of your phone is.
error-totp-none = What you began here has expired. Begin again.
conflict-factor-none = No second factor is set up.
conflict-passkeys-off = Passkeys work only on a site that has a domain name, not a bare IP address.
conflict-totp-there = An authenticator app is set up already. Turn it off first.
mail-recovery-subject = A recovery code was used at { $site }
mail-recovery-title = A recovery code was used
mail-recovery-what = On { $time } somebody used a recovery code of the account @{ $handle } at { $site }.
mail-recovery-left = { $n ->
        [0] There is none left.
        [one] There is { $n } left.
       *[other] There are { $n } left.
    }
mail-recovery-not-you = If that was you, make new codes before they run out. If not, somebody has your password and your codes: sign in at once, change your password and make new codes.
mail-recovery-action = See the recovery codes
mail-factors-subject = How you sign in at { $site } has changed
mail-factors-title = How you sign in has changed
mail-factors-totp-added = On { $time } an authenticator app was set up for the account @{ $handle } at { $site }. Its codes are asked for from now on.
mail-factors-totp-removed = On { $time } the authenticator app of the account @{ $handle } at { $site } was turned off. Its codes are no longer asked for.
mail-factors-passkey-added = On { $time } a passkey was added to the account @{ $handle } at { $site }.
mail-factors-passkey-removed = On { $time } a passkey was removed from the account @{ $handle } at { $site }.
mail-factors-passkey-copied = On { $time } somebody tried to sign in to the account @{ $handle } at { $site } with a passkey that seems to be a copy of yours. They were refused.
mail-factors-codes-renewed = On { $time } new recovery codes were made for the account @{ $handle } at { $site }. The earlier ones no longer work.
mail-factors-reset = On { $time } those who look after { $site } removed all second factors from the account @{ $handle }, passkeys too, and ended its sessions. The password alone opens it now. Set up a new one.
mail-factors-not-you = If you know about this, there is nothing to do. If not, sign in at once and change your password.
mail-factors-action = Go to the settings
setting-accounts-second-factor = Who needs a second factor
setting-accounts-second-factor-what = An authenticator app or a passkey. Whoever has none is asked to set one up before a desk opens.
setting-accounts-second-factor-nobody = Nobody; those who want one set it up
setting-accounts-second-factor-operators = Operators
setting-accounts-second-factor-staff = All who look after the site in any way
audit-user-totp-add = Set up an authenticator app
audit-user-totp-remove = Turned off the authenticator app
audit-user-codes-renew = Made new recovery codes
audit-user-code-use = Used a recovery code
audit-user-passkey-add = Added a passkey
audit-user-passkey-remove = Removed a passkey
audit-user-passkey-copy = A passkey that seems to be a copy was refused
audit-user-factors-reset = Removed all second factors of a user
audit-user-sessions-end = Signed out all other browsers
user-factors = Second factors
user-factors-none = None.
user-factors-totp = Authenticator app
user-factors-passkeys = { $n ->
        [one] { $n } passkey
       *[other] { $n } passkeys
    }
user-factors-reset = Remove all second factors
user-factors-reset-what = For somebody who lost theirs, once you are sure who is asking. Passkeys and recovery codes go too, all sessions end, and the user is told by mail. The password alone opens the account then.
notice-admin-factors-reset = All second factors of the user are gone.
