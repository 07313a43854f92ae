//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        BIO_LONG = "bio-long";
        CODE_FORM = "code-form";
        CODE_LATE = "code-late";
        CODE_NONE = "code-none";
        CODE_TRIES = "code-tries";
        CODE_WRONG = "code-wrong";
        EMAIL_EMPTY = "email-empty";
        EMAIL_OFTEN = "email-often";
        EMAIL_REFUSED = "email-refused";
        EMAIL_TAKEN = "email-taken";
        HANDLE_ALIKE = "handle-alike";
        HANDLE_FORM = "handle-form";
        HANDLE_RESERVED = "handle-reserved";
        HANDLE_TAKEN = "handle-taken";
        IDENTITY_LATE = "identity-late";
        IDENTITY_TAKEN = "identity-taken";
        INVITATION_DAYS = "invitation-days";
        INVITATION_LATE = "invitation-late";
        INVITATION_REVOKED = "invitation-revoked";
        INVITATION_UNKNOWN = "invitation-unknown";
        INVITATION_USED = "invitation-used";
        INVITATION_USES = "invitation-uses";
        LINK_LATE = "link-late";
        LINK_OTHER = "link-other";
        LINK_REPLACED = "link-replaced";
        LINK_UNKNOWN = "link-unknown";
        LINK_USED = "link-used";
        NAME_EMPTY = "name-empty";
        NAME_LONG = "name-long";
        NAME_MIXED = "name-mixed";
        NAME_RESERVED = "name-reserved";
        NAME_STAFF = "name-staff";
        PASSKEYS_MANY = "passkeys-many";
        PASSKEY_COPIED = "passkey-copied";
        PASSKEY_FAILED = "passkey-failed";
        PASSKEY_LATE = "passkey-late";
        PASSKEY_OTHER = "passkey-other";
        PASSKEY_THERE = "passkey-there";
        PASSKEY_UNKNOWN = "passkey-unknown";
        PASSWORD_COMMON = "password-common";
        PASSWORD_FORM = "password-form";
        PASSWORD_LONG = "password-long";
        PASSWORD_NONE = "password-none";
        PASSWORD_OWN = "password-own";
        PASSWORD_SHORT = "password-short";
        PASSWORD_STALE = "password-stale";
        PASSWORD_WRONG = "password-wrong";
        PENDING_OVER = "pending-over";
        ROLE_EMPTY = "role-empty";
        ROLE_TAKEN = "role-taken";
        ROLE_UNKNOWN = "role-unknown";
        ROLES_MANY = "roles-many";
        SECOND_FORM = "second-form";
        SECOND_NEEDED = "second-needed";
        SECOND_USED = "second-used";
        SECOND_WRONG = "second-wrong";
        SIGN_IN_SUSPENDED = "sign-in-suspended";
        SIGN_IN_WRONG = "sign-in-wrong";
        TOKENS_MANY = "tokens-many";
        TOTP_NONE = "totp-none";
        ZONE_UNKNOWN = "zone-unknown";
    }
    conflicts {
        EMAIL_OFF = "email-off";
        FACTOR_NONE = "factor-none";
        IDENTITY_LAST = "identity-last";
        OPERATOR_LAST = "operator-last";
        OWN_ACCOUNT = "own-account";
        PASSKEYS_OFF = "passkeys-off";
        PROFILE_CHANGED = "profile-changed";
        SIGN_UP_CLOSED = "sign-up-closed";
        SIGN_UP_INVITED = "sign-up-invited";
        TOTP_THERE = "totp-there";
        USER_DELETED = "user-deleted";
        USER_SUSPENDED = "user-suspended";
    }
}
