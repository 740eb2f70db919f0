// SPDX-License-Identifier: Apache-2.0
// What a scan reads beside lists: single objects and paths that not every user may read. Who adds such a read adds a row.
#pragma once

#include <array>

namespace posture {

inline constexpr const char* kFlagzPath = "/flagz";

struct OtherRead {
  const char* group;
  const char* resource;
  const char* ns;  ///< "" where the resource has none
  const char* name;  ///< of the one object
  const char* path;  ///< of what is no resource, else ""
  bool api_server;  ///< the checks of the API server's settings rest on it
  const char* purpose;
};
inline constexpr std::array kOtherReads = {
    OtherRead{"", "namespaces", "", "kube-system", "", false,
              "The uid of this namespace tells one cluster from another."},
    OtherRead{"discovery.k8s.io", "endpointslices", "default", "kubernetes", "", true,
              "How many API servers there are: what one of them says proves nothing about another."},
    OtherRead{"", "", "", "", kFlagzPath, true, "The API server's own flags, Kubernetes 1.36 and newer."},
};

}  // namespace posture
