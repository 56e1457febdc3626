// An event handler over Boost.JSON's basic_parser: rows go straight into chunks, the rest becomes a small
// tree.
#include "intake/import_body.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_stack.hpp>

#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::intake {
namespace {

namespace json = boost::json;
using base::Error;
using base::ErrorCode;
using Failure = boost::system::error_code;

constexpr std::string_view kRows = "import_json";

/// Where the parser is: in the tree of the rest, between rows, or in a row. Depths count open objects and
/// arrays of the whole document: the document's object is 1, the array of rows 2, a row 3.
class BodyHandler {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  BodyHandler() { stack_.reset(); }

  bool on_document_begin(Failure&) { return true; }
  bool on_document_end(Failure&) { return true; }

  bool on_object_begin(Failure&) {
    ++depth_;
    if (in_rows_ && depth_ == 2) not_rows();
    if (!in_rows_ || depth_ > 3) return nested();
    begin_row();
    return true;
  }

  bool on_object_end(std::size_t pairs, Failure&) {
    --depth_;
    if (in_rows_) {
      if (depth_ == 2) end_row();
      return true;
    }
    if (depth_ == 0 && body_.has_rows_key) --pairs;
    stack_.push_object(pairs);
    return true;
  }

  bool on_array_begin(Failure&) {
    ++depth_;
    if (depth_ == 1) not_an_object();
    if (in_rows_ && depth_ == 2) {
      body_.has_rows = true;
      return true;
    }
    if (in_rows_ && depth_ == 3) not_a_row();
    return nested();
  }

  bool on_array_end(std::size_t values, Failure&) {
    --depth_;
    if (!in_rows_) {
      stack_.push_array(values);
    } else if (depth_ == 1) {
      in_rows_ = false;
    }
    return true;
  }

  bool on_key_part(json::string_view part, std::size_t, Failure&) { return add(key_, part); }
  bool on_key(json::string_view part, std::size_t, Failure&) {
    add(key_, part);
    if (in_rows_) {
      if (depth_ == 3) column_.swap(key_);
    } else if (depth_ == 1 && key_ == kRows) {
      if (body_.has_rows_key) throw Error::invalid(kRows, "must be given once");
      body_.has_rows_key = true;
      in_rows_ = true;
    } else {
      stack_.push_key(key_);
    }
    key_.clear();
    return true;
  }

  bool on_string_part(json::string_view part, std::size_t, Failure&) { return add(text_, part); }
  bool on_string(json::string_view part, std::size_t, Failure&) {
    add(text_, part);
    if (!take_cell(text_)) stack_.push_string(text_);
    text_.clear();
    return true;
  }

  bool on_number_part(json::string_view part, Failure&) { return add(text_, part); }
  bool on_int64(std::int64_t number, json::string_view part, Failure&) {
    if (!take_number(part)) stack_.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, json::string_view part, Failure&) {
    if (!take_number(part)) stack_.push_uint64(number);
    return true;
  }
  bool on_double(double number, json::string_view part, Failure&) {
    if (!take_number(part)) stack_.push_double(number);
    return true;
  }
  bool on_bool(bool value, Failure&) {
    if (!take_cell(value ? "true" : "false")) stack_.push_bool(value);
    return true;
  }
  bool on_null(Failure&) {
    if (in_rows_ && depth_ == 1) {
      in_rows_ = false;
    } else if (in_rows_ && depth_ == 2) {
      not_a_row();
    } else if (!in_rows_) {
      if (depth_ == 0) not_an_object();
      stack_.push_null();
    }
    return true;
  }
  bool on_comment_part(json::string_view, Failure&) { return true; }
  bool on_comment(json::string_view, Failure&) { return true; }

  ImportBody take() {
    if (rows_.rows() > 0) body_.chunks.push_back(rows_.take());
    body_.rest = std::move(stack_.release().as_object());
    return std::move(body_);
  }

 private:
  struct Body : ImportBody {
    bool has_rows_key = false;
  };

  [[noreturn]] static void not_an_object() { throw Error::invalid("body", "must be a JSON object"); }
  [[noreturn]] static void not_rows() { throw Error::invalid(kRows, "must be an array of objects"); }
  [[noreturn]] void not_a_row() const {
    throw Error::invalid(std::string(kRows) + "[" + std::to_string(body_.rows) + "]", "must be an object");
  }

  static bool add(std::string& text, json::string_view part) {
    text.append(part.data(), part.size());
    return true;
  }

  /// An object or array inside of a row; elsewhere there is nothing to do before its end.
  bool nested() {
    if (in_rows_) rows_.problem("a nested value in column " + column_);
    return true;
  }

  void begin_row() {
    if (body_.rows == kImportMaxRows) {
      throw Error::invalid(kRows, "has more than " + std::to_string(kImportMaxRows) + " rows");
    }
    rows_.begin_row(static_cast<std::int64_t>(body_.rows + 1));
  }

  void end_row() {
    rows_.end_row();
    ++body_.rows;
    if (rows_.rows() == kImportChunkRows) body_.chunks.push_back(rows_.take());
  }

  /// True when the scalar belongs to the rows.
  bool take_cell(std::string_view value) {
    if (!in_rows_) {
      if (depth_ == 0) not_an_object();
      return false;
    }
    if (depth_ == 1) not_rows();
    if (depth_ == 2) not_a_row();
    if (depth_ == 3) rows_.cell(column_, value);
    return true;
  }

  bool take_number(json::string_view part) {
    add(text_, part);
    const bool taken = take_cell(text_);
    text_.clear();
    return taken;
  }

  Body body_;
  json::value_stack stack_;
  ChunkWriter rows_;
  bool in_rows_ = false;
  std::size_t depth_ = 0;
  std::string key_;
  std::string column_;
  std::string text_;
};

}  // namespace

ImportBody parse_import_body(std::string_view body) {
  json::parse_options options;
  options.max_depth = kImportMaxDepth;
  json::basic_parser<BodyHandler> parser(options);
  Failure failed;
  const std::size_t read = parser.write_some(false, body.data(), body.size(), failed);
  if (failed) throw Error(ErrorCode::invalid_json, {}, failed.message());
  if (!base::trim(body.substr(read)).empty())
    throw Error(ErrorCode::invalid_json, {}, "text after the document");
  return parser.handler().take();
}

bool has_usable_row(const ImportBody& body, const ImportMapping& mapping, std::string& reason) {
  reason.clear();
  for (const std::string& chunk : body.chunks) {
    RowMapper mapper(mapping);
    ChunkReader reader(chunk);
    ImportRow row;
    while (reader.next(row)) {
      const auto made = mapper.make(reader.columns(), row);
      const auto* problem = std::get_if<std::string>(&made);
      if (problem == nullptr) return true;
      if (reason.empty()) reason = "row " + std::to_string(row.number) + ": " + *problem;
    }
  }
  return false;
}

}  // namespace overture::intake
