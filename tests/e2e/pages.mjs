// Every kind of page that the site has: what the checks of `every-page` and `markup` walk through.

import { site } from "./site.mjs";

/**
 * `path` may need what the set-up noted; `as` is who looks, nobody where it is not named; `status` is 200 where it is not named;
 * `plain` stands outside the site's frame.
 */
export const PAGES = [
  { name: "home", path: "/" },
  { name: "home of a reader", path: "/", as: "reader" },
  { name: "channel", path: "/channel/science" },
  { name: "article in Chinese", path: ({ zh }) => `/article/${zh}` },
  { name: "article in English", path: ({ en }) => `/article/${en}` },
  { name: "article of a reader who answers", path: ({ en }) => `/article/${en}`, as: "reader" },
  { name: "comments", path: ({ en }) => `/article/${en}/comments` },
  { name: "report", path: ({ en }) => `/article/${en}/report` },
  { name: "copyright complaint", path: ({ en }) => `/article/${en}/report?kind=copyright` },
  { name: "author", path: ({ author }) => `/@${author}` },
  { name: "archive", path: ({ author }) => `/@${author}/articles` },
  { name: "tag", path: ({ tag }) => `/tag/${encodeURIComponent(tag)}` },
  { name: "hot", path: "/hot" },
  { name: "hot of a week in a channel", path: "/hot?span=week&channel=city" },
  { name: "latest", path: "/latest" },
  { name: "search, empty", path: "/search" },
  { name: "search with results", path: `/search?q=${encodeURIComponent("潮汐 tide")}` },
  { name: "search without results", path: "/search?q=zzxqyw" },
  { name: "log-in", path: "/login" },
  { name: "sign-up", path: "/signup" },
  { name: "apply, as a visitor", path: "/apply" },
  { name: "apply", path: "/apply", as: "reader" },
  { name: "accessibility", path: "/settings/accessibility" },
  { name: "account", path: "/settings/account", as: "reader" },
  { name: "tokens", path: "/settings/tokens", as: "mara" },
  { name: "tokens of a reader", path: "/settings/tokens", as: "reader" },
  { name: "following", path: "/following", as: "reader" },
  { name: "for you", path: "/for-you", as: "reader" },
  { name: "for you, as a visitor", path: "/for-you" },
  { name: "history", path: "/history", as: "reader" },
  { name: "interests", path: "/settings/interests", as: "reader" },
  { name: "favourites", path: "/favourites", as: "reader" },
  { name: "about", path: "/about" },
  { name: "rules", path: "/rules" },
  { name: "contact", path: "/contact" },
  { name: "not found", path: "/no/such/page", status: 404 },
  { name: "taken back", path: ({ gone }) => `/article/${gone}`, status: 410 },
  { name: "not allowed", path: "/admin/review", as: "reader", status: 403 },
  { name: "studio", path: "/studio", as: "mara" },
  { name: "studio of somebody who does not write", path: "/studio", as: "reader" },
  { name: "studio: new article", path: "/studio/new", as: "mara" },
  { name: "studio: draft", path: ({ draft }) => `/studio/article/${draft}`, as: "mara" },
  { name: "studio: taken back", path: ({ gone }) => `/studio/article/${gone}`, as: "linqiu" },
  { name: "studio: waiting", path: ({ waiting }) => `/studio/article/${waiting}`, as: "mara" },
  { name: "studio: preview", path: ({ draft }) => `/studio/article/${draft}/preview`, as: "mara" },
  { name: "studio: pictures", path: "/studio/pictures", as: "mara" },
  { name: "studio: profile", path: "/studio/profile", as: "mara" },
  { name: "admin", path: "/admin", as: "operator" },
  { name: "admin: review", path: "/admin/review", as: "reviewer" },
  { name: "admin: an article under review", path: ({ waiting }) => `/admin/review/${waiting}`, as: "reviewer" },
  { name: "admin: reports", path: "/admin/reports", as: "reviewer" },
  { name: "admin: insights", path: "/admin/insights", as: "operator" },
  { name: "admin: applications", path: "/admin/applications", as: "operator" },
  { name: "API documentation", path: "/api/docs", plain: true },
];

/** Where a page is; known once the set-up has run. */
export const at = ({ path }) => (typeof path === "function" ? path(site()) : path);
