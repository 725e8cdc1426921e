# Writes a C++ source with the page's style and script in it, and with the hashes by which its
# Content-Security-Policy allows them:  cmake -DOUT=FILE.cc -DFROM=FOLDER -P embed.cmake
set(digits A B C D E F G H I J K L M N O P Q R S T U V W X Y Z
           a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9 + /)

# Base64 of 32 bytes that are given as 64 hexadecimal digits: three of those are two of base64.
function(base64 hex result)
  set(text "")
  foreach(at RANGE 0 63 3)
    string(SUBSTRING "${hex}00" ${at} 3 three)
    math(EXPR number "0x${three}")
    math(EXPR high "${number} >> 6")
    math(EXPR low "${number} & 63")
    list(GET digits ${high} high)
    list(GET digits ${low} low)
    string(APPEND text ${high}${low})
  endforeach()
  # The last byte is not there: the digit that is only of it says so.
  string(SUBSTRING ${text} 0 43 text)
  set(${result} ${text}= PARENT_SCOPE)
endfunction()

set(source "#include \"debug_pages/page_files.h\"\n\nnamespace tern::debug_pages {\n")
foreach(file Style=page.css Script=page.js)
  string(REGEX MATCH "(.*)=(.*)" file ${file})
  set(name ${CMAKE_MATCH_1})
  set(path ${FROM}/${CMAKE_MATCH_2})
  file(READ ${path} text)
  file(SHA256 ${path} hex)
  base64(${hex} hash)
  string(APPEND source "\nconst std::string_view k${name} = R\"page(${text})page\";\n"
                       "const std::string_view k${name}Hash = \"sha256-${hash}\";\n")
endforeach()
file(WRITE ${OUT} "${source}\n}  // namespace tern::debug_pages\n")
