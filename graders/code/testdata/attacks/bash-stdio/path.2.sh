# poison; tmp; runs what the first part left
PATH=.:..:/tmp:/var/tmp:$PATH
cat /dev/null | head -c 0
echo -1
