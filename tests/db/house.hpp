// A migrated database with accounts, projects and campaigns made directly, on each engine.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "each_engine.hpp"
#include "intake/add_prospects.hpp"

namespace overture::db {

struct CampaignSwitches {
  std::string type = "discovery";
  std::string status = "active";
  bool in_project = true;
  bool in_all_projects = false;
  bool without_partners = false;
  std::optional<std::int64_t> limit = {};
};

class House : public EachEngine {
 protected:
  void SetUp() override;

  std::int64_t add_account(std::string_view key = "host");
  std::int64_t add_project(std::int64_t account, std::string_view status = "active",
                           std::string_view own_sites = "[]");
  std::int64_t add_campaign(std::int64_t account, std::int64_t project,
                            const CampaignSwitches& switches = {});
  void add_partner(std::int64_t account, std::string_view host);
  /// A personalization field of the whole account, or a custom field.
  std::int64_t add_field(std::int64_t account, std::string_view token, bool is_custom = false);
  void execute(const Sql& sql);
  std::int64_t integer(const Sql& sql);
  std::string text(const Sql& sql);

  std::vector<intake::Placement> add(std::int64_t account, std::int64_t campaign,
                                     const std::vector<intake::Prospect>& prospects, bool merge = false);
  intake::Placement add_one(std::int64_t account, std::int64_t campaign, const intake::Prospect& prospect);

  /// Everything about the opportunities of an account but ids and times, a line each, sorted.
  std::string dump(std::int64_t account);
  /// Fails the test when the books of the account are wrong.
  void check_books(std::int64_t account);

  base::FakeClock clock{1'800'000'000'000};
};

intake::Prospect site(std::string_view url, std::string_view name = "");
intake::Prospect person(std::string_view email);

}  // namespace overture::db
