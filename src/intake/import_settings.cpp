// The payload of an import job as JSON.
#include "intake/import_settings.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include "base/error.hpp"

namespace overture::intake {

std::string write_import_settings(const ImportSettings& settings) {
  boost::json::object payload;
  payload["personalization_mapping"] = settings.personalization_mapping;
  payload["custom_fields_mapping"] = settings.custom_fields_mapping;
  payload["merge_duplicate_personalization"] = settings.merge_duplicate_personalization;
  payload["metrics_filter_template_id"] = settings.metrics_filter_template;
  if (!settings.file_hash.empty()) {
    payload["file"] = settings.file;
    payload["file_sha256"] = settings.file_hash;
  }
  return boost::json::serialize(payload);
}

ImportSettings parse_import_settings(std::string_view payload) {
  try {
    const boost::json::value whole =
        boost::json::parse(boost::json::string_view(payload.data(), payload.size()));
    const boost::json::object& object = whole.as_object();
    ImportSettings settings;
    settings.personalization_mapping = object.at("personalization_mapping").as_object();
    settings.custom_fields_mapping = object.at("custom_fields_mapping").as_object();
    settings.merge_duplicate_personalization = object.at("merge_duplicate_personalization").as_bool();
    settings.metrics_filter_template =
        boost::json::value_to<std::int64_t>(object.at("metrics_filter_template_id"));
    if (const boost::json::value* hash = object.if_contains("file_sha256")) {
      settings.file = boost::json::value_to<std::string>(object.at("file"));
      settings.file_hash = boost::json::value_to<std::string>(*hash);
    }
    return settings;
  } catch (const base::Error&) {
    throw;
  } catch (const std::exception& error) {
    throw base::Error(base::ErrorCode::internal, {},
                      std::string("payload of an import job: ") + error.what());
  }
}

}  // namespace overture::intake
