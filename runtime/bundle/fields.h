// The structures of a bundle, field by field: read and written by the same lines (archive.h).
#pragma once

#include "runtime/bundle/archive.h"
#include "runtime/bundle/bundle.h"
#include "runtime/entity/schema.h"
#include "runtime/ir/program.h"

namespace remit::bundle {

// Lists of symbols, uids, numbers.
template <typename Archive>
void Symbols(Archive& archive, std::vector<SymbolId>& list) {
  List(archive, list, [](Archive& a, SymbolId& symbol) { a.Symbol(symbol); });
}
template <typename Archive>
void Uid(Archive& archive, EntityUid& uid) {
  archive.Symbol(uid.type);
  archive.Symbol(uid.id);
}
template <typename Archive>
void Uids(Archive& archive, std::vector<EntityUid>& list) {
  List(archive, list, [](Archive& a, EntityUid& uid) { Uid(a, uid); });
}
template <typename Archive>
void Numbers(Archive& archive, std::vector<uint32_t>& list) {
  List(archive, list, [](Archive& a, uint32_t& number) { a.Number(number); });
}

template <typename Archive>
void Uids(Archive& archive, ir::EntityList& list) {
  if constexpr (Archive::kReads) {
    for (size_t count = archive.Count(); count > 0 && archive.ok(); --count) {
      EntityUid uid;
      Uid(archive, uid);
      if (archive.ok()) list.push_back(uid);
    }
  } else {
    archive.Count(list.size());
    for (EntityUid uid : list) Uid(archive, uid);
  }
}

// ---- program ---------------------------------------------------------------------------------------------------------

template <typename Archive>
void Fields(Archive& archive, ir::Instruction& instruction) {
  archive.Number(instruction.op);
  if constexpr (Archive::kReads) {
    if (static_cast<size_t>(instruction.op) >= ir::OpCount()) {
      archive.Fail();
      instruction.op = ir::Op::NotSatisfied;
    }
  }
  archive.Number(instruction.dst);
  archive.Number(instruction.a);
  archive.Number(instruction.b);
  archive.Number(instruction.count);
  if (ir::GetOp(instruction.op).uses('s')) {
    SymbolId symbol{instruction.imm};
    archive.Symbol(symbol);
    instruction.imm = symbol.value;
  } else {
    archive.Number(instruction.imm);
  }
}

template <typename Archive>
void Fields(Archive& archive, ir::SourcePlace& place) {
  bool has_file = place.has_file();
  archive.Number(has_file);
  if (!has_file) return;
  archive.Number(place.file);
  archive.Number(place.begin);
  archive.Number(place.end);
}

template <typename Archive>
void Fields(Archive& archive, ir::ScopeTest& test) {
  archive.Number(test.op);
  if constexpr (Archive::kReads) {
    if (test.op > ir::ScopeOp::IsIn) archive.Fail();
  }
  archive.OptionalSymbol(test.type);
  Uids(archive, test.entities);
}

template <typename Archive>
void Fields(Archive& archive, ir::Policy& policy) {
  archive.Symbol(policy.id);
  archive.Number(policy.effect);
  if constexpr (Archive::kReads) {
    if (policy.effect > ir::Effect::Breaker) archive.Fail();
  }
  Fields(archive, policy.principal);
  Fields(archive, policy.action);
  Fields(archive, policy.resource);
  archive.Number(policy.body);
  archive.OptionalSymbol(policy.template_id);
}

template <typename Archive>
void Fields(Archive& archive, ir::Environment& environment) {
  archive.Symbol(environment.principal_type);
  Uid(archive, environment.action);
  archive.Symbol(environment.resource_type);
  Numbers(archive, environment.groups);
}

// Amounts, levels and kinds: what they may be is for Verify, but enumerations are bounded here.
template <typename Archive, typename Enum>
void Bounded(Archive& archive, Enum& value, Enum last) {
  archive.Number(value);
  if constexpr (Archive::kReads) {
    if (value > last) archive.Fail();
  }
}
template <typename Archive>
void TextDigest(Archive& archive, ir::TextDigest& digest) {
  for (uint8_t& byte : digest) archive.Number(byte);
}
template <typename Archive>
void Fields(Archive& archive, ir::Approval& approval) {
  archive.Number(approval.by);
  for (int64_t* number : {&approval.quorum, &approval.expires, &approval.uses}) archive.Signed(*number);
  Bounded(archive, approval.scope, ir::ApprovalScope::Session);
}
template <typename Archive>
void Fields(Archive& archive, ir::Consequence& consequence) {
  Bounded(archive, consequence.level, Outcome::Execute);
  Fields(archive, consequence.approval);
}
template <typename Archive>
void Fields(Archive& archive, ir::Budget& budget) {
  archive.Number(budget.policy);
  archive.Symbol(budget.name);
  archive.Number(budget.rank);
  archive.Number(budget.charge);
  archive.Number(budget.limit);
  Numbers(archive, budget.per);
  Bounded(archive, budget.window.kind, ir::WindowKind::Concurrent);
  archive.OptionalSymbol(budget.window.time_zone);
  archive.Signed(budget.window.duration);
  archive.Signed(budget.hold);
  Bounded(archive, budget.unsettled, ir::Unsettled::Release);
  Fields(archive, budget.exceeded);
  TextDigest(archive, budget.text);
}
template <typename Archive>
void Fields(Archive& archive, ir::Breaker& breaker) {
  archive.Number(breaker.policy);
  archive.Symbol(breaker.name);
  archive.Number(breaker.rank);
  Numbers(archive, breaker.per);
  archive.Number(breaker.trip);
  for (int64_t* number : {&breaker.within, &breaker.cooldown, &breaker.probe}) archive.Signed(*number);
  Fields(archive, breaker.open);
  TextDigest(archive, breaker.text);
}

// The clauses of Remit's statements.
template <typename Archive>
void StatementFields(Archive& archive, ir::Program& program) {
  List(archive, program.obligations, [](Archive& a, ir::Obligation& obligation) {
    a.Number(obligation.policy);
    a.Number(obligation.body);
  });
  List(archive, program.escalations, [](Archive& a, ir::Escalation& escalation) {
    a.Number(escalation.policy);
    Fields(a, escalation.approval);
    TextDigest(a, escalation.text);
  });
  List(archive, program.restrictions, [](Archive& a, ir::Restriction& restriction) {
    a.Number(restriction.policy);
    Bounded(a, restriction.level, Outcome::Execute);
  });
  List(archive, program.budgets, [](Archive& a, ir::Budget& budget) { Fields(a, budget); });
  List(archive, program.breakers, [](Archive& a, ir::Breaker& breaker) { Fields(a, breaker); });
}

// What bodies refer to; but for the constants and the regular expressions, which are not plain data. Bodies come next: body_forms.h.
template <typename Archive>
void Tables(Archive& archive, ir::Program& program) {
  List(archive, program.patterns, [](Archive& a, ir::Pattern& pattern) {
    List(a, pattern, [](Archive& inner, std::optional<SymbolId>& part) {
      SymbolId text = part.value_or(SymbolId{});
      inner.OptionalSymbol(text);
      part = text.has_value() ? std::optional(text) : std::nullopt;
    });
  });
  List(archive, program.record_keys, [](Archive& a, std::vector<SymbolId>& keys) { Symbols(a, keys); });
}

// What refers to bodies.
template <typename Archive>
void Rows(Archive& archive, ir::Program& program) {
  List(archive, program.policies, [](Archive& a, ir::Policy& policy) { Fields(a, policy); });
  List(archive, program.groups, [](Archive& a, ir::VariantGroup& group) {
    List(a, group, [](Archive& inner, ir::Variant& variant) {
      inner.Number(variant.policy);
      inner.Number(variant.body);
    });
  });
  List(archive, program.environments, [](Archive& a, ir::Environment& environment) { Fields(a, environment); });
  StatementFields(archive, program);
}

// ---- sources ---------------------------------------------------------------------------------------------------------

template <typename Archive>
void Fields(Archive& archive, BundleSourceMap& map) {
  List(archive, map.sources, [](Archive& a, BundleSource& source) {
    a.Text(source.name);
    a.Text(source.text);
  });
  List(archive, map.statements, [](Archive& a, BundleStatement& statement) {
    a.Text(statement.id);
    Fields(a, statement.place);
  });
}

// ---- schema ----------------------------------------------------------------------------------------------------------

template <typename Archive>
void Fields(Archive& archive, TypeId& id) {
  uint64_t number = id.has_value() ? uint64_t{id.value} + 1 : 0;
  archive.Number(number);
  if constexpr (Archive::kReads) id = number == 0 ? TypeId{} : TypeId{static_cast<uint32_t>(number - 1)};
}

template <typename Archive>
void Fields(Archive& archive, Type& type) {
  archive.Number(type.kind);
  if constexpr (Archive::kReads) {
    if (type.kind > Kind::Semver) archive.Fail();
  }
  Fields(archive, type.element);
  archive.OptionalSymbol(type.entity_type);
  List(archive, type.fields, [](Archive& a, TypeField& field) {
    a.Symbol(field.key);
    Fields(a, field.type);
    a.Number(field.required);
  });
}

template <typename Archive>
void Fields(Archive& archive, EntityTypeDecl& decl) {
  archive.Symbol(decl.name);
  Fields(archive, decl.attributes);
  Fields(archive, decl.tags);
  Symbols(archive, decl.parents);
  Symbols(archive, decl.enumerated_ids);
}

template <typename Archive>
void Fields(Archive& archive, ActionDecl& decl) {
  Uid(archive, decl.uid);
  Uids(archive, decl.parents);
  Symbols(archive, decl.principal_types);
  Symbols(archive, decl.resource_types);
  Fields(archive, decl.context);
}

template <typename Archive>
void Fields(Archive& archive, Schema& schema) {
  List(archive, schema.types, [](Archive& a, Type& type) { Fields(a, type); });
  List(archive, schema.entity_types, [](Archive& a, EntityTypeDecl& decl) { Fields(a, decl); });
  List(archive, schema.actions, [](Archive& a, ActionDecl& decl) { Fields(a, decl); });
}

}  // namespace remit::bundle
