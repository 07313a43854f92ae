//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        BODY_ATTRIBUTES = "body-attributes";
        BODY_COMPLEX = "body-complex";
        BODY_EMPTY = "body-empty";
        BODY_LONG = "body-long";
        BODY_NESTED = "body-nested";
        BODY_PICTURES = "body-pictures";
        BODY_SLOW = "body-slow";
        CHANNEL_EMPTY = "channel-empty";
        CHANNEL_NAME_EMPTY = "channel-name-empty";
        CHANNEL_NAME_LONG = "channel-name-long";
        CHANNEL_UNKNOWN = "channel-unknown";
        COLOUR_FORM = "colour-form";
        COVER_UNKNOWN = "cover-unknown";
        COVERS_COUNT = "covers-count";
        LANGUAGE_FORM = "language-form";
        LINE_LONG = "line-long";
        NUMBER_FORM = "number-form";
        REVISIONS_ALL = "revisions-all";
        REVISIONS_HOUR = "revisions-hour";
        SLUG_FORM = "slug-form";
        SLUG_TAKEN = "slug-taken";
        SOURCE_EMPTY = "source-empty";
        SOURCE_LONG = "source-long";
        SUBTITLE_LONG = "subtitle-long";
        TAGS_MANY = "tags-many";
        TEXT_ALL = "text-all";
        TEXT_HOUR = "text-hour";
        TITLE_EMPTY = "title-empty";
        TITLE_LONG = "title-long";
        URL_FORM = "url-form";
    }
    conflicts {
        ARTICLE_EDITED = "article-edited";
        ARTICLE_PUBLISHED = "article-published";
        ARTICLE_STATE = "article-state";
        ARTICLE_WAITING = "article-waiting";
        CHANNEL_IN_USE = "channel-in-use";
        CHANNEL_ITSELF = "channel-itself";
        PICTURE_MISSING = "picture-missing";
    }
}
