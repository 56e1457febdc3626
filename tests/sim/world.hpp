// Everything around the engine: database, clock, mail servers, recipients, and what people have set.
#pragma once
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/seal.hpp"
#include "db/database.hpp"
#include "outreach/install.hpp"
#include "sim/people.hpp"
#include "sim/shape.hpp"
#include "sim/truth.hpp"
#include "work/mailbox_access.hpp"

namespace overture::sim {

class World {
 public:
  explicit World(const Shape& shape);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Shape shape;
  Dice dice;
  base::FakeClock clock;
  std::unique_ptr<db::Database> database;
  base::Sealer sealer{"0123456789abcdef0123456789abcdef"};
  outreach::Install install{base::HmacKey("0123456789abcdef0123456789abcdef"), "https://out.example"};
  Agenda agenda;
  Post post;
  People people;
  Truth truth;

  base::Millis now() const { return clock.now(); }
  /// When the engine has something to do; nullopt: never by itself.
  std::optional<base::Millis> next_work();
  /// Takes the settings of a campaign to the database, as the API does.
  void store_settings(const Campaign& campaign);
  void store_sequence(const Campaign& campaign);
  void store_rotation(const Campaign& campaign);
  /// Some of the project's mailboxes, at least one where it has any.
  std::set<std::int64_t> any_mailboxes(const Campaign& campaign);
  std::int64_t integer(const db::Sql& sql);
  void execute(const db::Sql& sql);

 private:
  void make_account();
  void make_projects();
  void make_mailboxes();
  void make_campaigns();
  void make_opportunities();
  void launch_soon(std::vector<std::int64_t> opportunities);

  void keep_database();

  std::string url_;  ///< of the database at a PostgreSQL server
};

}  // namespace overture::sim
