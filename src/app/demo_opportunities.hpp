// The opportunities of the demo workspace with all that hangs on them, before they are rows.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "app/demo_journey.hpp"
#include "app/demo_places.hpp"

namespace overture::app {

struct DemoOpportunity {
  DemoPlace place;
  std::string url;  ///< empty for a person
  std::string name;
  std::string page_title;
  std::string_view article;  ///< what is mentioned when somebody writes to the site
  std::string_view niche;
  std::string contact_form_url;
  DemoJourney journey;
  std::vector<std::size_t> contacts;  ///< places in DemoPeople, the one that is written to first
  std::vector<std::pair<DemoText, std::string>> texts;
  std::vector<std::pair<DemoField, std::string>> fields;
  std::vector<std::pair<std::size_t, base::Millis>> tags;  ///< places in kDemoOpportunityTags
  std::vector<std::string> links;
};

struct DemoWork {
  DemoPeople people;
  DemoPlaces places;
  std::vector<DemoOpportunity> opportunities;  ///< in the order of places
};

/// The same for the same time.
DemoWork make_demo_work(base::Millis now);

/// What people have written into its fields so far (demo_values.cpp).
void fill_demo_values(DemoRandom& random, DemoPeople& people, DemoOpportunity& opportunity);

/// `Our first incident review, annotated` → `our-first-incident-review-annotated`
std::string demo_slug(std::string_view title);

}  // namespace overture::app
