import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { type ReactNode, useEffect, useState } from 'react'
import { call } from '#renderer/state/studio-store.ts'
import { useSnapshot } from '#renderer/state/use-snapshot.ts'
import { openPage } from '#renderer/state/view-store.ts'
import { Mono } from '#renderer/ui/mono.tsx'
import { Panel } from '#renderer/ui/panel.tsx'
import { Section } from '#renderer/ui/section.tsx'
import { Waiting } from '#renderer/ui/waiting.tsx'
import { type AboutView } from '#shared/ipc/helper-view.ts'
import { HelperPart } from './helper-part.tsx'

/** What this program is, which helper makes its changes, and how a checkout gets one. */
export function AboutPanel() {
  const { privilege } = useSnapshot('privilege')
  const [about, setAbout] = useState<AboutView | null>(null)
  // A helper that came or went is told by the privilege's words.
  useEffect(() => {
    void call('app.about', null).then(setAbout)
  }, [privilege.text])
  return (
    <Panel title="About" about="What this program is, and what makes its changes.">
      <Box sx={{ maxWidth: 880 }}>
        {about === null ? (
          <Waiting what="Reading" />
        ) : (
          <>
            <Program about={about} />
            {about.whyNoPlan === null ? null : (
              <Section title="Helper of this checkout">
                <Typography variant="body2">
                  It cannot be installed: {about.whyNoPlan.message} {about.whyNoPlan.hint}
                </Typography>
              </Section>
            )}
            {about.plan === null ? null : <HelperPart about={about} plan={about.plan} onChanged={setAbout} />}
            <Origin />
          </>
        )}
      </Box>
    </Panel>
  )
}

function Program({ about: { build, privilege, found, inForce } }: { about: AboutView }) {
  const used = found.find(({ fits }) => fits)
  return (
    <Section title="This program">
      <Row name="Version">
        {build.version}
        {build.standIn ? ' (for tests only: the Electron in it is out of support)' : ''}
      </Row>
      <Row name="Runs from">{build.origin === 'package' ? 'an installed package' : 'a checkout'}</Row>
      <Row name="Changes">{privilege.text}</Row>
      {found.map(({ path, text }) => (
        <Row key={path} name={path === used?.path ? 'Helper' : 'Another helper'}>
          <Mono>{path}</Mono>, {text}
        </Row>
      ))}
      <Row name="In force">
        <InForce count={inForce} />
      </Row>
    </Section>
  )
}

function InForce({ count }: { count: number | null }) {
  if (count === null) return 'not known: the journal cannot be read'
  if (count === 0) return 'nothing'
  return (
    <Link component="button" onClick={() => openPage('journal')}>
      {count === 1 ? '1 change' : `${count} changes`}
    </Link>
  )
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Box sx={{ display: 'flex', gap: 2, py: 0.5 }}>
      <Typography variant="body2" color="text.secondary" sx={{ width: 130, flex: 'none' }}>
        {name}
      </Typography>
      <Typography variant="body2" component="div" sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        {children}
      </Typography>
    </Box>
  )
}

/** Where the method comes from; each step's page says what it does differently. */
function Origin() {
  return (
    <Section title="Where the nine steps come from">
      <Typography variant="body2" sx={{ mb: 1 }}>
        Dong, Wang, Yuan, “Research and Application of GPU Pass-Through Based on KVM in Graphics Workstation”. Each step
        decides by what this host shows, and says on its page what the paper did.
      </Typography>
      <Button
        variant="outlined"
        color="inherit"
        onClick={() => void call('host.use', 'paper').then(() => openPage(null))}
      >
        Practise on the paper’s workstation
      </Button>
    </Section>
  )
}
