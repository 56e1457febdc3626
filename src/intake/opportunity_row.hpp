// One opportunity that several steps of one write change: read once, written once.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "db/connection.hpp"
#include "rules/stage.hpp"

namespace overture::intake {

struct Milestone {
  std::int64_t id = 0;  ///< 0: none
  std::string name;
  std::string kind;  ///< open, won or lost; empty: there is none of that id (any more)
  std::string role;  ///< of rules::milestone_role
  bool exists() const { return !kind.empty(); }
  bool is_end() const { return kind == "won" || kind == "lost"; }
};

/// Steps (take_step(), move_to_milestone(), …) change the fields and note the columns; what else follows from
/// them they write at once. The row itself is written by write(), with one rise of its version.
class OpportunityRow {
 public:
  /// Holds the opportunity until the write ends; nullopt when there is none.
  static std::optional<OpportunityRow> open(db::Connection& connection, std::int64_t account,
                                            std::int64_t id);

  db::Connection& connection() const { return *connection_; }
  std::int64_t account() const { return account_; }
  std::int64_t id() const { return id_; }
  std::int64_t project() const { return project_; }
  std::int64_t campaign() const { return campaign_; }
  const std::string& workflow() const { return workflow_; }
  const std::string& status() const { return status_; }
  const Milestone& milestone() const { return milestone_; }
  bool started() const { return started_; }
  rules::StageFacts stage_facts() const;

  void set_stage(const rules::Stage& stage, std::string_view reason);
  void set_milestone(Milestone milestone, base::Millis at);
  void set_started(base::Millis at);
  /// What is shown of communication only ever gets newer.
  void set_communication(base::Millis at, std::string_view type);

  /// Nothing, when nothing was set.
  void write(base::Millis now);

 private:
  OpportunityRow() = default;
  /// `assignment`: "column = ?, ". What is set twice has the last value.
  void set(db::Literal assignment, db::Value value);

  db::Connection* connection_ = nullptr;
  std::int64_t account_ = 0;
  std::int64_t id_ = 0;
  std::int64_t project_ = 0;
  std::int64_t campaign_ = 0;
  std::string workflow_;
  std::string status_;
  Milestone milestone_;
  bool started_ = false;
  std::optional<base::Millis> last_communication_;
  bool approval_workflow_ = false;
  bool review_first_ = false;
  std::vector<std::pair<db::Literal, db::Value>> assignments_;
};

}  // namespace overture::intake
