# Journal and backups go once nothing is in force any more: the rescue script is there as long as anything is.
# Disks of VMs, and files that undo has set aside, are never touched.
data=/var/lib/passthrough-studio
if [ -e "$data/rescue.sh" ]; then
  echo "Changes of Passthrough Studio are still in force, so their journal, backups and rescue script stay in $data."
  echo "To take them back: sudo sh $data/rescue.sh"
elif [ -d "$data" ]; then
  rm -f "$data/journal.jsonl"
  rm -rf "$data/backups"
  find "$data" -depth -type d -empty -delete
  if [ -d "$data" ]; then
    echo "Files that are not this program's to delete are kept in $data:"
    find "$data" -type f
  fi
fi
