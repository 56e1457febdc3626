#include "support/receiver_stub.hpp"

#include "base/error.hpp"

namespace overture::test {

net::Fetched ReceiverStub::get(const std::string& /*url*/, const net::FetchOptions& /*options*/) {
  throw base::Error(base::ErrorCode::internal, {}, "a webhook is posted to");
}

net::Fetched ReceiverStub::post(const std::string& url, const net::Outgoing& outgoing,
                                const net::FetchOptions& options) {
  Call call{.url = url, .body = outgoing.body};
  for (const auto& [name, value] : outgoing.headers) {
    if (name == "webhook-id") call.id = value;
    if (name == "webhook-timestamp") call.timestamp = value;
    if (name == "webhook-signature") call.signature = value;
  }
  {
    const std::lock_guard lock(mutex_);
    calls_.push_back(call);
    options_ = options;
  }
  if (answer) return answer(call);
  return {.status = 200, .url = url};
}

std::vector<ReceiverStub::Call> ReceiverStub::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

net::FetchOptions ReceiverStub::options() const {
  const std::lock_guard lock(mutex_);
  return options_;
}

}  // namespace overture::test
