#include "intake/prospecting.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include "base/error.hpp"

namespace overture::intake {
namespace {

namespace json = boost::json;

/// Reads one object with `take`; whatever goes wrong is our own mistake.
template <class Take>
auto read(std::string_view text, Take take) {
  try {
    const json::value whole = json::parse(json::string_view(text.data(), text.size()));
    return take(whole.as_object());
  } catch (const std::exception& error) {
    throw base::Error(base::ErrorCode::internal, {},
                      std::string("payload of a prospecting job: ") + error.what());
  }
}

}  // namespace

std::string write_prospecting_settings(const ProspectingSettings& settings) {
  return json::serialize(json::object{{"source", settings.source},
                                      {"country", settings.country},
                                      {"metrics_filter_template_id", settings.metrics_filter_template}});
}

ProspectingSettings parse_prospecting_settings(std::string_view payload) {
  return read(payload, [](const json::object& object) {
    return ProspectingSettings{json::value_to<std::string>(object.at("source")),
                               json::value_to<std::string>(object.at("country")),
                               json::value_to<std::int64_t>(object.at("metrics_filter_template_id"))};
  });
}

std::string write_prospecting_task(const ProspectingTask& task) {
  return json::serialize(json::object{{"input", task.input},
                                      {"query", task.query.text},
                                      {"news", task.query.news},
                                      {"days", task.query.days}});
}

ProspectingTask parse_prospecting_task(std::string_view chunk) {
  return read(chunk, [](const json::object& object) {
    return ProspectingTask{json::value_to<std::string>(object.at("input")),
                           {json::value_to<std::string>(object.at("query")), object.at("news").as_bool(),
                            json::value_to<int>(object.at("days"))}};
  });
}

}  // namespace overture::intake
