//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        CHANNEL_UNKNOWN = "channel-unknown";
        DESK_FAULT = "desk-fault";
        DESK_OFTEN = "desk-often";
        FORM_FILES = "form-files";
        FORM_PARTS = "form-parts";
        FORM_UNREADABLE = "form-unreadable";
        PICTURE_BUSY = "picture-busy";
        PICTURE_LARGE = "picture-large";
        PICTURE_NONE = "picture-none";
        PUBLISH_AT_FORM = "publish-at-form";
        PUBLISH_AT_PAST = "publish-at-past";
        STORAGE_FULL = "storage-full";
        TAG_FORM = "tag-form";
    }
    conflicts {}
}
