//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        HANDLE_ALIKE = "handle-alike";
        HANDLE_FORM = "handle-form";
        HANDLE_TAKEN = "handle-taken";
        NAME_EMPTY = "name-empty";
        NAME_LONG = "name-long";
        NAME_MIXED = "name-mixed";
        NAME_RESERVED = "name-reserved";
        PASSWORD_COMMON = "password-common";
        PASSWORD_FORM = "password-form";
        PASSWORD_LONG = "password-long";
        PASSWORD_OWN = "password-own";
        PASSWORD_SHORT = "password-short";
        PASSWORD_WRONG = "password-wrong";
        ROLE_EMPTY = "role-empty";
        ROLE_TAKEN = "role-taken";
        ROLES_MANY = "roles-many";
        SIGN_IN_SUSPENDED = "sign-in-suspended";
        SIGN_IN_WRONG = "sign-in-wrong";
        TOKENS_MANY = "tokens-many";
    }
    conflicts {
        OPERATOR_LAST = "operator-last";
        OWN_ACCOUNT = "own-account";
        SIGN_UP_CLOSED = "sign-up-closed";
        USER_DELETED = "user-deleted";
        USER_SUSPENDED = "user-suspended";
    }
}
