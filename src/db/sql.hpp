// SQL text and its parameters, always together. Only literals of the program become text; values are always
// bound.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace overture::db {

/// A piece of SQL that stands in the source: it can only be made from a literal, at compile time.
class Literal {
 public:
  constexpr Literal() = default;
  template <std::size_t N>
  consteval Literal(const char (&text)[N]) : text_(text, N - 1) {}  // NOLINT(google-explicit-constructor)
  constexpr std::string_view view() const { return text_; }
  constexpr bool empty() const { return text_.empty(); }

 private:
  std::string_view text_;
};

using Null = std::monostate;
/// What can be bound: null, a 64-bit integer (also booleans as 0/1 and times), a double, UTF-8 text without
/// NUL.
using Value = std::variant<Null, std::int64_t, double, std::string>;

/// Text with `?` for each parameter, in order. The PostgreSQL engine writes `$1…$n` for them.
class Sql {
 public:
  Sql() = default;
  Sql(Literal text) : text_(text.view()) {}  // NOLINT(google-explicit-constructor)
  /// `Sql("... WHERE id = ? AND name = ?", 5, "x")`
  template <class... Values>
  explicit Sql(Literal text, Values&&... values) : text_(text.view()) {
    params_.reserve(sizeof...(values));
    (params_.push_back(value_of(std::forward<Values>(values))), ...);
  }

  Sql& operator<<(Literal text) {
    text_ += text.view();
    return *this;
  }
  Sql& operator<<(const Sql& other) {
    text_ += other.text_;
    params_.insert(params_.end(), other.params_.begin(), other.params_.end());
    return *this;
  }
  /// Appends `?` and its value.
  template <class T>
  Sql& bind(T&& value) {
    text_ += '?';
    params_.push_back(value_of(std::forward<T>(value)));
    return *this;
  }

  bool empty() const { return text_.empty(); }
  const std::string& text() const { return text_; }
  const std::vector<Value>& params() const { return params_; }

  /// Binds the same statement to other values (statements run in a loop).
  void set_params(std::vector<Value> values) { params_ = std::move(values); }

  template <class T>
  static Value value_of(T&& value) {
    using Plain = std::remove_cvref_t<T>;
    if constexpr (std::is_same_v<Plain, Value>) {
      return std::forward<T>(value);
    } else if constexpr (std::is_same_v<Plain, std::nullptr_t> || std::is_same_v<Plain, Null>) {
      return Null{};
    } else if constexpr (std::is_floating_point_v<Plain>) {
      return static_cast<double>(value);
    } else if constexpr (std::is_integral_v<Plain>) {
      return static_cast<std::int64_t>(value);
    } else {
      return std::string(std::forward<T>(value));
    }
  }

 private:
  std::string text_;
  std::vector<Value> params_;
};

}  // namespace overture::db
