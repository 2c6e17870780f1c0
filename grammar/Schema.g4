// Cedar's human-readable schema syntax, complete.
//
// The reader cuts a file into pieces before this grammar sees it, so that memory is bounded by the largest declaration and an
// error costs one declaration:
//
//   schema := ( namespaceHead declaration* '}' | declaration )*
//
// Keywords are contextual: every one of them may name a type, an attribute or an action (`ident`). Cedar's reserved words
// (`in`, `if`, `true`, ...) are `ident` here too and refused afterwards, which makes for a better message; an annotation's
// key may be any of them. Decisions need two tokens at most.
grammar Schema;

// ---- the two entry points ------------------------------------------------------------------------------------------

namespaceHead : annotation* NAMESPACE path '{' EOF ;
declaration   : annotation* (entityDecl | actionDecl | typeDecl) EOF ;

// ---- declarations --------------------------------------------------------------------------------------------------

entityDecl  : ENTITY ident (',' ident)* (enumeration | shape) ';' ;
enumeration : ENUM '[' STRING (',' STRING)* ']' ;
shape       : (IN typeNames)? ('='? recordType)? (TAGS type)? ;

actionDecl : ACTION name (',' name)* (IN actionRefs)? appliesTo? (ATTRIBUTES '{' '}')? ';' ;
actionRefs : actionRef | '[' actionRef (',' actionRef)* ']' ;
actionRef  : STRING | ident ('::' (ident '::')* STRING)? ;

appliesTo : APPLIES_TO '{' appliesToClause (',' appliesToClause)* ','? '}' ;
appliesToClause
  : PRINCIPAL ':' typeNames
  | RESOURCE ':' typeNames
  | CONTEXT ':' (path | recordType)
  ;

typeDecl : TYPE ident '=' type ';' ;

// ---- types ---------------------------------------------------------------------------------------------------------

type       : SET '<' type '>' | path | recordType ;
recordType : '{' (attribute (',' attribute)* ','?)? '}' ;
attribute  : annotation* name optional='?'? ':' type ;

// ---- names ---------------------------------------------------------------------------------------------------------

annotation : '@' ident ('(' STRING ')')? ;
typeNames  : path | '[' (path (',' path)*)? ']' ;
path       : ident ('::' ident)* ;
name       : ident | STRING ;

ident
  : IDENT | NAMESPACE | ENTITY | ACTION | TYPE | IN | ENUM | TAGS | SET | APPLIES_TO | PRINCIPAL | RESOURCE | CONTEXT | ATTRIBUTES
  ;

// ---- tokens --------------------------------------------------------------------------------------------------------

NAMESPACE  : 'namespace' ;
ENTITY     : 'entity' ;
ACTION     : 'action' ;
TYPE       : 'type' ;
IN         : 'in' ;
ENUM       : 'enum' ;
TAGS       : 'tags' ;
SET        : 'Set' ;
APPLIES_TO : 'appliesTo' ;
PRINCIPAL  : 'principal' ;
RESOURCE   : 'resource' ;
CONTEXT    : 'context' ;
ATTRIBUTES : 'attributes' ;
SEMICOLON  : ';' ;
COMMA      : ',' ;
EQUALS     : '=' ;
AT         : '@' ;
NUMBER     : [0-9]+ ;  // fits nowhere, and is told as a token

IDENT   : [_a-zA-Z] [_a-zA-Z0-9]* ;
STRING  : '"' ('\\' ~[\n] | ~["\\])* '"' ;
COMMENT : '//' ~[\n\r]* -> skip ;
// Unicode's White_Space, as in policies.
SPACE   : [\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+ -> skip ;
// Whatever else: a token of its own, so that the parser says where it is.
INVALID : . ;
