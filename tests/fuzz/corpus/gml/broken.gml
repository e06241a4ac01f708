graph [ node [ id 1 label "open
 edge [ source 1 ] ] edge [ target ] [[[ 