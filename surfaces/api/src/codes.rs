//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        ARTICLE_KIND_UNKNOWN = "article-kind-unknown";
        AUTHOR_EMPTY = "author-empty";
        AUTHOR_UNKNOWN = "author-unknown";
        CHANNEL_UNKNOWN = "channel-unknown";
        COVERS_COUNT = "covers-count";
        CURSOR_FORM = "cursor-form";
        DECLARATION_UNKNOWN = "declaration-unknown";
        DECLARATIONS_MANY = "declarations-many";
        FIELD_UNKNOWN = "field-unknown";
        FILE_EMPTY = "file-empty";
        FORMAT_UNKNOWN = "format-unknown";
        HANDLE_FORM = "handle-form";
        JSON_TYPE = "json-type";
        JSON_VALUES = "json-values";
        LIMIT_RANGE = "limit-range";
        ORDER_UNKNOWN = "order-unknown";
        PARAMETER_TWICE = "parameter-twice";
        PARAMETER_UNKNOWN = "parameter-unknown";
        QUERY_EMPTY = "query-empty";
        SORT_UNKNOWN = "sort-unknown";
        SPAN_UNKNOWN = "span-unknown";
        TAG_FORM = "tag-form";
        TAGS_MANY = "tags-many";
        TIME_FORM = "time-form";
        TIME_PAST = "time-past";
        VERSION_EMPTY = "version-empty";
    }
    conflicts {
        PICTURE_USED = "picture-used";
    }
}
