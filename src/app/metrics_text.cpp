#include "app/metrics_text.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "db/writer_counters.hpp"

namespace overture::app {

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void MetricsText::sample(double value, Labels labels, std::string_view suffix) {
  write_name(labels, suffix);
  fmt::format_to(std::back_inserter(text_), "{}\n", value);
}

void MetricsText::write_name(Labels labels, std::string_view suffix) {
  text_ += name_;
  text_ += suffix;
  char separator = '{';
  for (const auto& [label, value] : labels) {
    text_ += separator;
    separator = ',';
    text_ += label;
    text_ += "=\"";
    for (char c : value) {
      if (c == '"' || c == '\\') text_ += '\\';
      text_ += c == '\n' ? ' ' : c;
    }
    text_ += '"';
  }
  text_ += labels.size() == 0 ? " " : "} ";
}

namespace {

/// writes / groups is the size of a commit group: how well waiting writes share a flush to the disk.
void write_writer_metrics(MetricsText& text) {
  const db::WriterCounters& counters = db::writer_counters();
  text.family("overture_database_writes_waiting", "gauge", "Writes in the queue of the writer.");
  text.sample(counters.waiting.load());
  text.family("overture_database_writes_total", "counter", "Writes that have ended, well or not.");
  text.sample(counters.writes.load());
  text.family("overture_database_write_groups_total", "counter", "Groups of writes committed together.");
  text.sample(counters.groups.load());
  text.family("overture_database_writes_refused_total", "counter",
              "Writes refused because too many were waiting.");
  text.sample(counters.refused.load());
}

}  // namespace

void write_process_metrics(MetricsText& text) {
  std::ifstream statm("/proc/self/statm");
  std::int64_t total_pages = 0;
  std::int64_t resident_pages = 0;
  if (statm >> total_pages >> resident_pages) {
    text.family("process_resident_memory_bytes", "gauge", "Memory of this process that is in RAM.");
    text.sample(resident_pages * sysconf(_SC_PAGESIZE));
  }
  std::error_code error;
  std::int64_t descriptors = -1;  // The one that reads the directory.
  for (auto entry = std::filesystem::directory_iterator("/proc/self/fd", error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    ++descriptors;
  }
  text.family("process_open_fds", "gauge", "Open file descriptors.");
  text.sample(descriptors);
  struct rlimit limit {};
  getrlimit(RLIMIT_NOFILE, &limit);
  text.family("process_max_fds", "gauge", "Allowed file descriptors.");
  text.sample(static_cast<std::uint64_t>(limit.rlim_cur));
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  text.family("process_cpu_seconds_total", "counter", "Processor time, user and system.");
  text.sample(seconds(usage.ru_utime) + seconds(usage.ru_stime));
  write_writer_metrics(text);
}

}  // namespace overture::app
