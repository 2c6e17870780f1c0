// The Remit language: Cedar's policies, templates and expressions, and the statements that Remit adds.
//
// Every rule decides on one or two tokens, so prediction is cheap and never needs the rules around it. Expressions are layered,
// one rule a level of precedence, with loops for chains: `a && b && ...` a hundred thousand times costs no stack. The tempting
// alternative, one left-recursive `expr`, is shorter but cannot say what Cedar says: relations do not chain, and the right
// hand sides of `has`, `like` and `is` are sums.
//
// Remit's keywords are tokens, and `word` takes them all back: wherever a name may stand, so may any of them.
// What a tree of these rules means, and which of them are still errors, is decided in compiler/parse/cst_to_ast.
grammar Remit;

// Of the C++ that ANTLR makes: compiler/parse/cst_parser.h.
options { superClass = CstParser; contextSuperClass = CstNode; }

// ---- files ---------------------------------------------------------------------------------------------------------

// One statement: files are cut into statements before they come here.
statement
  : annotation* (policy | escalate | restrict | budget | breaker | assertion | test) EOF
  ;

expression
  : expr EOF
  ;

annotation
  : '@' anyWord ('(' STRING ')')?
  ;

// ---- statements ----------------------------------------------------------------------------------------------------

policy
  : (PERMIT | FORBID) scope (condition | oblige)* ';'
  ;

escalate
  : ESCALATE scope (condition | approval | oblige)* ';'
  ;

restrict
  : RESTRICT scope (to | condition | oblige)* ';'
  ;

budget
  : BUDGET word scope (condition | charge | per | limit | window | hold | exceeded)* ';'
  ;

breaker
  : BREAKER word scope (condition | per | trip | within | cooldown | probe | open)* ';'
  ;

assertion
  : ASSERT (NEVER | ALWAYS) outcome (OR outcome)* scope condition* ';'
  ;

test
  : TEST STRING '{' (step ';')* '}'
  ;

scope
  : '(' (position (',' position)* ','?)? ')'
  ;

// The type after `:` is never accepted; it is here so that the error can say what to write instead.
position
  : anyWord (':' name)? (IS sum)? (relationOperator expr)?
  ;

outcome
  : DENY | OBSERVE | DRAFT | APPROVE | EXECUTE
  ;

// ---- clauses -------------------------------------------------------------------------------------------------------

condition : (WHEN | UNLESS) block ;
oblige    : OBLIGE record ;
approval  : APPROVAL record ;
to        : TO outcome ;
charge    : CHARGE block ;
per       : PER '{' expressions? '}' ;
limit     : LIMIT block ;
trip      : TRIP block ;
within    : WITHIN block ;
cooldown  : COOLDOWN block ;
probe     : PROBE block ;
exceeded  : EXCEEDED consequence ;
open      : OPEN consequence ;

window
  : EACH (HOUR | DAY | WEEK | MONTH) (IN STRING)?
  | WITHIN block
  | REFILL block
  | CONCURRENT
  ;

hold
  : HOLD block (UNSETTLED (CHARGE | RELEASE))?
  ;

consequence
  : DENY
  | RESTRICT TO outcome
  | ESCALATE approval
  ;

// Empty ones are an error with a message of its own.
block
  : '{' expr? '}'
  ;

// ---- tests ---------------------------------------------------------------------------------------------------------

step
  : entityStep | requestStep | expectStep | approveStep | settleStep | advanceStep | quarantineStep
  ;

entityStep  : ENTITY name (IN uids)? record? (TAGS record)? ;
requestStep : REQUEST '(' name ',' name ',' name ')' (WITH record)? (FOR uids)? ;
expectStep  : EXPECT (BUDGET word word expr | outcome (BY STRING (',' STRING)*)?) ;
approveStep : (APPROVE | DENY) BY name (IN uids)? (FOR uids)? ;
settleStep  : SETTLE (SUCCESS | FAILURE | NOT_DISPATCHED) record? ;
advanceStep : ADVANCE block ;
quarantineStep : (QUARANTINE | RELEASE) name ;

uids
  : name
  | '[' (name (',' name)* ','?)? ']'
  ;

// ---- expressions, loosest first ------------------------------------------------------------------------------------

expr
  : disjunction
  | IF expr THEN expr ELSE expr
  ;

disjunction
  : conjunction ('||' conjunction)*
  ;

conjunction
  : relation ('&&' relation)*
  ;

// More than one operator in a row is an error that asks for brackets.
relation
  : sum ((relationOperator sum)+ | HAS hasPath | LIKE sum | IS sum (IN sum)?)?
  ;

hasPath
  : sum
  | IF access*
  ;

// `=` is never accepted; the error says `==`.
relationOperator
  : '<' | '<=' | '>=' | '>' | '!=' | '==' | '=' | IN
  ;

sum
  : product (('+' | '-') product)*
  ;

// `/` and `%` are never accepted.
product
  : unary (('*' | '/' | '%') unary)*
  ;

unary
  : ('!'+ | '-'+)? member
  ;

// `s.any(x, cond)`, `budget.NAME.after` and calls are all member accesses.
member
  : primary access*
  ;

access
  : '.' anyWord
  | '(' expressions? ')'
  | '[' expr ']'
  ;

primary
  : literal
  | name
  | SLOT
  | '(' expr ')'
  | list
  | record
  ;

literal
  : TRUE | FALSE | NUMBER | STRING
  ;

// A variable, a type or function name, or with a string at its end an entity. `U::{..}` is never accepted.
name
  : word ('::' anyWord)* ('::' (STRING | record))?
  ;

list
  : '[' expressions? ']'
  ;

record
  : '{' (entry (',' entry)* ','?)? '}'
  ;

entry
  : (expr | IF) ':' expr
  ;

expressions
  : expr (',' expr)* ','?
  ;

// ---- words ---------------------------------------------------------------------------------------------------------

// Any identifier. `in`, `is`, `has`, `like`, `then` and `else` are reserved, and refused later with a message that says so.
word
  : IDENTIFIER
  | PERMIT | FORBID | WHEN | UNLESS | PRINCIPAL | ACTION | RESOURCE | CONTEXT
  | IN | HAS | LIKE | IS | THEN | ELSE
  | ESCALATE | RESTRICT | BUDGET | BREAKER | ASSERT | TEST
  | OBLIGE | APPROVAL | TO | CHARGE | PER | LIMIT | TRIP | WITHIN | COOLDOWN | PROBE | EXCEEDED | OPEN | REFILL | CONCURRENT | HOLD | UNSETTLED | RELEASE
  | EACH | HOUR | DAY | WEEK | MONTH
  | NEVER | ALWAYS | OR | DENY | OBSERVE | DRAFT | APPROVE | EXECUTE
  | ENTITY | TAGS | REQUEST | WITH | FOR | EXPECT | BY | SETTLE | SUCCESS | FAILURE | NOT_DISPATCHED | ADVANCE | QUARANTINE
  ;

// The same with the words that open an expression, where nothing else may stand.
anyWord
  : word
  | IF | TRUE | FALSE
  ;

// ---- tokens --------------------------------------------------------------------------------------------------------

// Cedar's reserved words
TRUE : 'true' ;
FALSE : 'false' ;
IF : 'if' ;
THEN : 'then' ;
ELSE : 'else' ;
IN : 'in' ;
HAS : 'has' ;
LIKE : 'like' ;
IS : 'is' ;

// Cedar's contextual words
PERMIT : 'permit' ;
FORBID : 'forbid' ;
WHEN : 'when' ;
UNLESS : 'unless' ;
PRINCIPAL : 'principal' ;
ACTION : 'action' ;
RESOURCE : 'resource' ;
CONTEXT : 'context' ;

// Remit's statements
ESCALATE : 'escalate' ;
RESTRICT : 'restrict' ;
BUDGET : 'budget' ;
BREAKER : 'breaker' ;
ASSERT : 'assert' ;
TEST : 'test' ;

// Remit's clauses
OBLIGE : 'oblige' ;
APPROVAL : 'approval' ;
TO : 'to' ;
CHARGE : 'charge' ;
PER : 'per' ;
LIMIT : 'limit' ;
TRIP : 'trip' ;
WITHIN : 'within' ;
COOLDOWN : 'cooldown' ;
PROBE : 'probe' ;
EXCEEDED : 'exceeded' ;
OPEN : 'open' ;
REFILL : 'refill' ;
CONCURRENT : 'concurrent' ;
HOLD : 'hold' ;
UNSETTLED : 'unsettled' ;
RELEASE : 'release' ;
EACH : 'each' ;
HOUR : 'hour' ;
DAY : 'day' ;
WEEK : 'week' ;
MONTH : 'month' ;
NEVER : 'never' ;
ALWAYS : 'always' ;
OR : 'or' ;

// Outcomes
DENY : 'deny' ;
OBSERVE : 'observe' ;
DRAFT : 'draft' ;
APPROVE : 'approve' ;
EXECUTE : 'execute' ;

// Steps of a test
ENTITY : 'entity' ;
TAGS : 'tags' ;
REQUEST : 'request' ;
WITH : 'with' ;
FOR : 'for' ;
EXPECT : 'expect' ;
BY : 'by' ;
SETTLE : 'settle' ;
SUCCESS : 'success' ;
FAILURE : 'failure' ;
NOT_DISPATCHED : 'not_dispatched' ;
ADVANCE : 'advance' ;
QUARANTINE : 'quarantine' ;

IDENTIFIER : [_a-zA-Z] [_a-zA-Z0-9]* ;
SLOT : '?' [_a-zA-Z] [_a-zA-Z0-9]* ;
NUMBER : [0-9]+ ;

// Line breaks may stand in a string, but not behind a backslash. The longer match wins, so a string that is closed is a STRING.
STRING : '"' STRING_PART* '"' ;
UNTERMINATED_STRING : '"' STRING_PART* ;
fragment STRING_PART : '\\' ~[\n] | ~["\\] ;

AT : '@' ;
DOT : '.' ;
COMMA : ',' ;
SEMICOLON : ';' ;
COLON : ':' ;
PATH : '::' ;
LEFT_PAREN : '(' ;
RIGHT_PAREN : ')' ;
LEFT_BRACE : '{' ;
RIGHT_BRACE : '}' ;
LEFT_BRACKET : '[' ;
RIGHT_BRACKET : ']' ;
EQUAL : '==' ;
NOT_EQUAL : '!=' ;
LESS_EQUAL : '<=' ;
GREATER_EQUAL : '>=' ;
LESS : '<' ;
GREATER : '>' ;
OR_OR : '||' ;
AND_AND : '&&' ;
PLUS : '+' ;
MINUS : '-' ;
STAR : '*' ;
SLASH : '/' ;
PERCENT : '%' ;
BANG : '!' ;
ASSIGN : '=' ;

// The lexer reads bytes: compiler/parse/byte_stream shows it every Unicode white space as blanks and any other byte
// beyond ASCII as DEL, so these two rules are complete.
WHITE_SPACE : [ \t\n\u000B\u000C\r]+ -> skip ;
COMMENT : '//' ~[\n\r]* -> channel(HIDDEN) ;

INVALID : . ;
