-- The built-in ways of discovery, as the API lists them. value is what a campaign is created with.
CREATE TABLE discovery_types (
  id BIGINT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL,
  name TEXT NOT NULL
) {without_rowid};
INSERT INTO discovery_types (id, value, name) VALUES
  (1, 'advanced_operator_search', 'Advanced Operator Search'),
  (2, 'blogger_outreach', 'Blogger Outreach'),
  (3, 'resource_pages', 'Resource Pages'),
  (4, 'roundups', 'Roundups'),
  (5, 'hot_off_the_press', 'Hot Off The Press'),
  (6, 'guest_posts', 'Guest Posts'),
  (7, 'product_reviews', 'Product Reviews'),
  (8, 'giveaways', 'Giveaways & Contests'),
  (9, 'infographics', 'Infographic Outreach'),
  (10, 'brand_mentions', 'Brand Mentions'),
  (11, 'similar_sites', 'Similar Pages');
