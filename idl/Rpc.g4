// The language of .rpc files. README.md beside this file is its manual.
//
// The grammar takes more than the language allows (a package anywhere, `optional` in a union, any
// annotation): compiler/sema refuses the rest, with better words than a parser can find.
grammar Rpc;

file : statement* EOF ;

statement
    : packageStatement
    | importStatement
    | constant
    | enumeration
    | message
    | service
    ;

packageStatement : 'package' dottedName ';' ;

importStatement : 'import' STRING ';' ;

constant : 'const' type name '=' literal ';' ;

enumeration : 'enum' definedName annotations? '{' enumMember* '}' ;

enumMember
    : enumValue
    | reserved
    ;

enumValue : name '=' number annotations? ';' ;

message : ( 'struct' | 'error' ) definedName annotations? '{' member* '}' ;

member
    : field
    | unionMember
    | reserved
    ;

field : 'optional'? type name '=' number annotations? ';' ;

unionMember : 'union' name '{' field* '}' ;

reserved : 'reserved' reservedItem ( ',' reservedItem )* ';' ;

reservedItem
    : number ( 'to' number )?
    | STRING
    ;

service : 'service' definedName annotations? '{' method* '}' ;

method : name '(' parameter? ')' result? throwsList? annotations? ';' ;

parameter : 'stream'? type ;

result : '->' 'stream'? type ;

throwsList : 'throws' typeName ( ',' typeName )* ;

annotations : '[' annotation ( ',' annotation )* ']' ;

annotation : name ( '=' literal )? ;

type
    : 'list' '<' type '>'
    | 'map' '<' type ',' type '>'
    | typeName
    ;

// The built-in types are names like any other here.
typeName : IDENTIFIER ( '.' name )* ;

dottedName : name ( '.' name )* ;

literal
    : '-'? ( INTEGER | FLOAT | DURATION | MALFORMED_NUMBER )
    | STRING
    | dottedName
    ;

number : '-'? ( INTEGER | MALFORMED_NUMBER ) ;

// What is defined cannot be called by a keyword, so that a type never looks like one.
definedName : IDENTIFIER ;

// Everything else can: a field `error`, a method `list`.
name
    : IDENTIFIER
    | 'package' | 'import' | 'const' | 'enum' | 'struct' | 'error' | 'union' | 'service'
    | 'optional' | 'reserved' | 'to' | 'stream' | 'throws' | 'list' | 'map'
    ;

PACKAGE : 'package' ;
IMPORT : 'import' ;
CONST : 'const' ;
ENUM : 'enum' ;
STRUCT : 'struct' ;
ERROR : 'error' ;
UNION : 'union' ;
SERVICE : 'service' ;
OPTIONAL : 'optional' ;
RESERVED : 'reserved' ;
TO : 'to' ;
STREAM : 'stream' ;
THROWS : 'throws' ;
LIST : 'list' ;
MAP : 'map' ;

SEMICOLON : ';' ;
COMMA : ',' ;
DOT : '.' ;
EQUALS : '=' ;
MINUS : '-' ;
ARROW : '->' ;
LBRACE : '{' ;
RBRACE : '}' ;
LPAREN : '(' ;
RPAREN : ')' ;
LBRACKET : '[' ;
RBRACKET : ']' ;
LANGLE : '<' ;
RANGLE : '>' ;

IDENTIFIER : [A-Za-z_] [A-Za-z0-9_]* ;

INTEGER : [0-9]+ | '0' [xX] [0-9A-Fa-f]+ ;

FLOAT : [0-9]+ '.' [0-9]+ EXPONENT? | [0-9]+ EXPONENT ;

DURATION : [0-9]+ ( 'ns' | 'us' | 'ms' | 's' | 'm' | 'h' ) ;

// Longer than any number that is one: `12abc` is one token and one error.
MALFORMED_NUMBER : [0-9] [A-Za-z0-9_.]* ;

fragment EXPONENT : [eE] [+-]? [0-9]+ ;

STRING : '"' STRING_PART* '"' ;

// Already reported when the parser runs: it goes on as if the quote stood at the end of the line.
UNTERMINATED_STRING : '"' STRING_PART* '\\'? -> type(STRING) ;

fragment STRING_PART : ~["\\\r\n] | '\\' ~[\r\n] ;

// One without an end has been reported, too: it reaches to the end of the file.
BLOCK_COMMENT : '/*' .*? ( '*/' | EOF ) -> skip ;

LINE_COMMENT : '//' ~[\n]* -> skip ;

SPACE : [ \t\r\n]+ -> skip ;

// A run of what no other token begins with.
STRAY : ( ~[A-Za-z0-9_"/ \t\r\n;={}()<>[\],.\-] )+ | '/' ;
