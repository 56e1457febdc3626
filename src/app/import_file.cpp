// CSV rows to prospects, a batch at a time.
#include "app/import_file.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"

namespace overture::app {
namespace {

using base::Error;
using base::ErrorCode;

std::ifstream open_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw Error(ErrorCode::invalid_value, "The file " + path + " cannot be read");
  return stream;
}

}  // namespace

std::string hash_file(const std::string& path) {
  std::ifstream stream = open_file(path);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  bool done = context != nullptr && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  std::vector<char> buffer(std::size_t{1} << 16U);
  while (done && stream) {
    stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    done = EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(stream.gcount())) == 1;
  }
  done = done && EVP_DigestFinal_ex(context.get(), digest.data(), &size) == 1;
  if (!done || stream.bad())
    throw Error(ErrorCode::internal, "The file " + path + " cannot be read to its end");
  return base::hex({reinterpret_cast<const char*>(digest.data()), size});
}

ImportFile::ImportFile(const std::string& path, const intake::ImportMapping& mapping)
    : stream_(open_file(path)), reader_(stream_), mapper_(mapping) {
  read_header(path);
}

void ImportFile::read_header(const std::string& path) {
  if (!reader_.next(header_)) throw Error(ErrorCode::invalid_value, "The file " + path + " is empty");
  const std::string line = "line " + std::to_string(reader_.line()) + ": ";
  for (std::size_t i = 0; i < header_.size(); ++i) {
    header_[i] = base::trim(header_[i]);
    for (std::size_t before = 0; before < i; ++before) {
      if (header_[i].empty() || header_[before] != header_[i]) continue;
      throw Error(ErrorCode::invalid_value, line + "the column " + header_[i] + " stands there twice");
    }
  }
  columns_.assign(header_.begin(), header_.end());
  if (!mapper_.has_address(columns_)) {
    throw Error(
        ErrorCode::invalid_value,
        line + "the first row must name the columns, one of them url, website, email or email_address");
  }
}

bool ImportFile::next(work::ImportStep& step, std::size_t most) {
  for (std::size_t taken = 0; taken < most; ++taken) {
    if (!reader_.next(cells_)) return false;
    const auto line = static_cast<std::int64_t>(reader_.line());
    std::size_t size = cells_.size();
    while (size > header_.size() && cells_[size - 1].empty()) --size;
    if (size > header_.size()) {
      step.problems.emplace_back(line, "the row has " + std::to_string(size) +
                                           " cells, the first row names " + std::to_string(header_.size()) +
                                           " columns");
      continue;
    }
    row_.number = line;
    row_.cells.clear();
    for (std::size_t i = 0; i < size; ++i) {
      if (!header_[i].empty()) row_.cells.push_back({i, cells_[i]});
    }
    auto made = mapper_.make(columns_, row_);
    if (auto* prospect = std::get_if<intake::Prospect>(&made)) {
      step.prospects.push_back(std::move(*prospect));
    } else {
      step.problems.emplace_back(line, std::move(std::get<std::string>(made)));
    }
  }
  return true;
}

bool ImportFile::skip(std::int64_t rows) {
  for (; rows > 0; --rows) {
    if (!reader_.next(cells_)) return false;
  }
  return true;
}

}  // namespace overture::app
