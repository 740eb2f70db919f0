// SPDX-License-Identifier: Apache-2.0
// The lines of a snapshot: what is recorded of each answer, as JSON, both ways.
#pragma once

#include <string>

#include "posture/source.h"
#include "posture/value.h"

namespace posture {

/// Each appends one JSON value.
void write_record(const About& about, std::string& out);
void write_record(const Discovery& discovery, std::string& out);
void write_record(const ListRequest& request, std::string& out);
void write_record(const std::optional<Gap>& gap, std::string& out);
void write_record(const GetRequest& request, const Response& response, std::string& out);

About read_about(Value value);
Discovery read_discovery(Value value);
ListRequest read_list_request(Value value);
std::optional<Gap> read_gap(Value value);
Response read_response(Value value);

}  // namespace posture
