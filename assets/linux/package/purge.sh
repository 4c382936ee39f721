# Journal and backups go once nothing is in force any more: the rescue script is there as long as anything is.
# Disks of VMs, and files that undo has set aside, are never touched.
data=/var/lib/passthrough-studio
aside=
# A journal that was set aside has a rescue script of its own, which needs the backups.
for script in "$data"/set-aside-*/rescue.sh; do [ ! -e "$script" ] || aside=$script; done
if [ -e "$data/rescue.sh" ] || [ -n "$aside" ]; then
  echo "Changes of Passthrough Studio are still in force, so their journal, backups and rescue script stay in $data."
  [ ! -e "$data/rescue.sh" ] || echo "To take them back: sudo sh $data/rescue.sh"
  [ -z "$aside" ] || echo "What a journal knew that was set aside: sudo sh $aside"
elif [ -d "$data" ]; then
  rm -f "$data/journal.jsonl" "$data"/set-aside-*/journal.jsonl
  rm -rf "$data/backups"
  find "$data" -depth -type d -empty -delete
  if [ -d "$data" ]; then
    echo "Files that are not this program's to delete are kept in $data:"
    find "$data" -type f
  fi
fi
