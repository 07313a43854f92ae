email = E-mail address
email-why = To set a new password if you forget yours, and to warn you about your account. Nobody else sees it.
email-confirmed = Confirmed
email-waits = { $address } becomes your address once you have confirmed it.
email-change = Save address
email-change-what = A new address counts once you have confirmed it; the old one is told. Leave it empty to remove it. Nobody else sees it.
email-off-what = This site no longer asks for e-mail addresses. You can remove yours.
email-remove = Remove address
email-password = Your password, for this change
password-forgotten = Forgot your password?
verify = Confirm your e-mail address
verify-link-what = Is { $address } the address of your account @{ $handle }?
verify-yes = Confirm
verify-not-you = If this is not your account, close this page: nothing changes.
verify-code-what = We have sent a mail to { $address }. Open the link in it, or type its code here.
verify-code = Code
verify-code-hint = Six digits, valid for an hour.
verify-again-what = No mail? Check your spam folder first.
verify-again = Send a new mail
verify-sent = A new mail is on its way. The one before no longer works.
verify-other = Use another address
verify-later = Later
verify-done = The address is confirmed.
verify-go-on = Continue
verify-none = You have no address to confirm.
verify-sign-in = Open the link in the mail, or sign in to type its code.
reset = New password
reset-what = We send you a link to set a new one, if your account has a confirmed e-mail address.
reset-who = E-mail address or user name
reset-send = Send the link
reset-no-address = No confirmed address? Those who look after this site can help:
reset-sent = If there is such an account with a confirmed address, a mail is on its way.
reset-sent-what = Its link works for an hour. If nothing arrives, check your spam folder, and that you typed the right address.
reset-again = Try again
reset-link-what = Set a new password for @{ $handle }. It ends all sessions and API tokens of the account.
reset-set = Set password
reset-done = Your new password is set. You are signed out everywhere.
error-code-form = Type the six digits of the code.
error-code-late = This code was valid for an hour, which is over. Ask for a new one.
error-code-none = No code is expected. Perhaps the address is confirmed already.
error-code-tries = That was wrong too often. Ask for a new code.
error-code-wrong = This is not the code in the newest mail.
error-email-empty = This site asks everybody for an e-mail address.
error-email-often = { $limit ->
        [one] Enough mail was sent for this hour. Try again in { $limit } minute.
       *[other] Enough mail was sent for this hour. Try again in { $limit } minutes.
    }
error-email-refused = Mail to this address is returned. Check it, or use another one.
error-email-taken = This address belongs to another account. Sign in to that one, or use another address.
error-link-late = This link was valid for an hour, which is over. Ask for a new one.
error-link-other = This link belongs to another account than the one you are signed in to. Sign out and open it again.
error-link-replaced = This link no longer works, because a newer mail or a new password replaced it. Open the newest mail, or ask for a new one.
error-link-unknown = This link does not work. Perhaps it was not copied completely. Ask for a new one.
error-link-used = This link was used already. Each works once.
error-reset-often = { $limit ->
        [one] That was asked for too often. Try again in { $limit } minute.
       *[other] That was asked for too often. Try again in { $limit } minutes.
    }
error-who-empty = Enter your e-mail address or your user name.
conflict-email-off = This site asks for no e-mail addresses.
