// Tables that an administrator laid down for an account: `<data>/providers/<account>/<name>`, CSV or JSON.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace overture::providers {

/// Column (lower case) → text; columns without a text are left out.
using DataRow = std::map<std::string, std::string, std::less<>>;

/// A name and nothing else: letters, digits, `.`, `-`, `_`, not beginning with a dot, ending in .csv or
/// .json.
bool is_data_file_name(std::string_view name);

/// `<data>/providers/<account>/<name>`.
std::filesystem::path data_file_path(const std::filesystem::path& data, std::int64_t account,
                                     std::string_view name);

/// Hands out the rows of a file in order until `take` returns false: CSV with a first row of column names, or
/// a JSON array of flat objects of up to 64 MiB. Throws Error(invalid_value), naming the file and never its
/// directory, for a file that is not there, is no plain file or cannot be read.
void read_data_file(const std::filesystem::path& path, const std::function<bool(const DataRow&)>& take);

/// The text of a column, empty when it is not there.
std::string_view text_of(const DataRow& row, std::string_view column);

}  // namespace overture::providers
