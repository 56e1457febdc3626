// Statements on one PostgreSQL connection: prepared once per text, run with text parameters.
#include "db/postgres_connection.hpp"

#include <charconv>

#include "db/engines.hpp"

namespace overture::db {
namespace {

using base::Error;
using base::ErrorCode;

// Oids of pg_type that never change. Without a type `? + 1` would be taken for 32 bits. Texts and nulls have
// none: they become what they are compared with.
constexpr Oid kBigint = 20;
constexpr Oid kDouble = 701;
constexpr Oid kUnknown = 0;

constexpr base::Millis kGrace = 2 * base::kSecond;

Oid type_of(const Value& value) {
  if (std::holds_alternative<std::int64_t>(value)) return kBigint;
  if (std::holds_alternative<double>(value)) return kDouble;
  return kUnknown;
}

/// The whole result is here already.
class PostgresRows final : public Rows {
 public:
  explicit PostgresRows(PostgresResult result)
      : result_(std::move(result)), count_(PQntuples(result_.get())) {}

  bool next() override {
    if (row_ < count_) ++row_;
    return row_ < count_;
  }
  bool is_null(int column) const override { return PQgetisnull(result_.get(), row_, column) != 0; }
  std::int64_t integer(int column) const override { return parse<std::int64_t>(column); }
  double number(int column) const override { return parse<double>(column); }
  std::string_view text(int column) const override {
    const int length = PQgetlength(result_.get(), row_, column);
    return {PQgetvalue(result_.get(), row_, column), static_cast<std::size_t>(length)};
  }

 private:
  template <class Number>
  Number parse(int column) const {
    const std::string_view digits = text(column);
    Number value{};
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  }

  PostgresResult result_;
  int count_;
  int row_ = -1;
};

}  // namespace

RowsPtr PostgresConnection::query(const Sql& sql) { return std::make_unique<PostgresRows>(run(sql)); }

std::int64_t PostgresConnection::execute(const Sql& sql) {
  const PostgresResult result = run(sql);
  if (std::string_view(PQcmdStatus(result.get())).starts_with("SELECT")) return 0;
  const std::string_view count = PQcmdTuples(result.get());
  std::int64_t changed = 0;
  std::from_chars(count.data(), count.data() + count.size(), changed);
  return changed;
}

PostgresResult PostgresConnection::run(const Sql& sql) {
  if (mode_ == Mode::writing) return run_once(sql);
  connect_if_lost();
  const bool repeatable = !in_transaction();
  try {
    return run_once(sql);
  } catch (const Error&) {
    if (!repeatable || (failure_ != PostgresFailure::lost && failure_ != PostgresFailure::conflict)) throw;
  }
  forget_failure();
  connect_if_lost();
  return run_once(sql);
}

PostgresResult PostgresConnection::run_once(const Sql& sql) {
  if (handle_ == nullptr)
    throw Error(ErrorCode::unavailable, "The database cannot be reached", "lost before");
  apply_limit();
  const std::string& name = prepare(sql);
  const auto& params = sql.params();
  values_.resize(params.size());
  numbers_.resize(params.size());
  for (std::size_t i = 0; i < params.size(); ++i) {
    const Value& value = params[i];
    NumberBuffer& buffer = numbers_[i];
    std::string_view digits;
    if (const auto* text = std::get_if<std::string>(&value)) {
      if (text->find('\0') != std::string::npos) {
        throw Error(ErrorCode::invalid_value, "Text must not contain the character NUL");
      }
      values_[i] = text->c_str();
      continue;
    }
    if (const auto* integer = std::get_if<std::int64_t>(&value)) digits = write_number(*integer, buffer);
    if (const auto* number = std::get_if<double>(&value)) digits = write_number(*number, buffer);
    buffer[digits.size()] = '\0';
    values_[i] = digits.empty() ? nullptr : buffer.data();
  }
  const int sent = PQsendQueryPrepared(handle_.get(), name.c_str(), static_cast<int>(params.size()),
                                       values_.data(), nullptr, nullptr, 0);
  if (sent == 0) fail_lost();
  return finish(sql.text(), limit_ > 0 ? limit_ + kGrace : 0);
}

const std::string& PostgresConnection::prepare(const Sql& sql) {
  key_ = sql.text();
  key_ += '\0';
  for (const Value& value : sql.params()) key_ += static_cast<char>('0' + value.index());
  if (const std::string* name = statements_.find(key_)) return *name;

  std::vector<Oid> types;
  for (const Value& value : sql.params()) types.push_back(type_of(value));
  const std::string name = "s" + std::to_string(++statements_made_);
  if (PQsendPrepare(handle_.get(), name.c_str(), number_places(sql.text()).c_str(),
                    static_cast<int>(types.size()), types.data()) == 0) {
    fail_lost();
  }
  finish(sql.text(), limit_ > 0 ? limit_ + kGrace : 0);
  std::string forgotten;
  const std::string key = key_;
  const std::string& kept = statements_.add(key, name, [&forgotten](const std::string& oldest) {
    forgotten = oldest;
    return true;
  });
  if (!forgotten.empty()) run_text("DEALLOCATE " + forgotten, kGrace);
  return kept;
}

void PostgresConnection::lock(std::string_view name, bool exclusive) {
  static const Sql kExclusive("SELECT pg_advisory_xact_lock(?)");
  static const Sql kShared("SELECT pg_advisory_xact_lock_shared(?)");
  Sql sql = exclusive ? kExclusive : kShared;
  sql.set_params({lock_number(name)});
  run(sql);
}

}  // namespace overture::db
