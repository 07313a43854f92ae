//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        AUTHORS_UNSAID = "authors-unsaid";
        COMMENT_BLOCKED = "comment-blocked";
        COMMENT_BLOCKING = "comment-blocking";
        COMMENT_GONE = "comment-gone";
        COMMENT_OFTEN = "comment-often";
        COMMENTS_UNSAID = "comments-unsaid";
        FORM_UNREADABLE = "form-unreadable";
        HANDLE_ALIKE = "handle-alike";
        KIND_UNKNOWN = "kind-unknown";
        NAME_TAKEN = "name-taken";
        OIDC_CLOSED = "oidc-closed";
        OIDC_DENIED = "oidc-denied";
        OIDC_EXPIRED = "oidc-expired";
        OIDC_OTHER = "oidc-other";
        OIDC_REFUSED = "oidc-refused";
        OIDC_UNREACHABLE = "oidc-unreachable";
        OIDC_UNTRUSTED = "oidc-untrusted";
        OIDC_UNUSABLE = "oidc-unusable";
        RESET_OFTEN = "reset-often";
        RESET_SURE = "reset-sure";
        TOKENS_OFTEN = "tokens-often";
        WHO_EMPTY = "who-empty";
        WISH_AUTHOR = "wish-author";
        WISH_FORM = "wish-form";
    }
    conflicts {}
}
